import type { CheckState, ImageStream, StreamKey, TagOutcome } from '@tagtrail/image-stream';
import type { DeliveredResult, ImportResult } from '@tagtrail/import-contract';
import { openResultLog, type RedisResultLog } from '@tagtrail/import-results-redis';
import { createLogger } from '@tagtrail/observability';
import {
  creation,
  openStoreForTest,
  SETTINGS,
  T0,
} from '../../../../packages/image-stream-redis/src/testing/open-store-for-test.ts';
import type { Committed } from '../writer-metrics.ts';

export const T1 = T0 + 60_000;
export const app: StreamKey = { namespace: 'demo', name: 'app' };

/** Counts of what a writer reported. */
export class CountedWrites {
  touches = 0;
  postponements = 0;
  contentions = 0;
  burials = 0;
  rounds = 0;
  readonly commits: Committed[] = [];
  touched({ recorded, postponed }: { recorded: number; postponed: number }): void {
    this.touches += recorded;
    this.postponements += postponed;
  }
  committed(committed: Committed): void {
    this.commits.push(committed);
  }
  contended(): void {
    this.contentions += 1;
  }
  buried(count: number): void {
    this.burials += count;
  }
  progressed(): void {
    this.rounds += 1;
  }
}

interface Parts {
  readonly store: Awaited<ReturnType<typeof openStoreForTest>>;
  readonly results: RedisResultLog;
}

/** Everything a status writer works with, on a Redis of its own; what it logs and counts is kept. */
export async function openWriterForTest(): Promise<WriterForTest> {
  const store = await openStoreForTest();
  const results = await openResultLog({ url: store.url, consumer: 'test' });
  return new WriterForTest({ store, results });
}

class WriterForTest {
  readonly url: string;
  readonly redis: Parts['store']['redis'];
  readonly images: Parts['store']['images'];
  readonly results: RedisResultLog;
  readonly metrics = new CountedWrites();
  readonly lines: { readonly level: string; readonly msg: string }[] = [];
  readonly dependencies;
  readonly #store: Parts['store'];

  constructor({ store, results }: Parts) {
    this.#store = store;
    this.url = store.url;
    this.redis = store.redis;
    this.images = store.images;
    this.results = results;
    const { streams, checks } = store;
    const output = { write: (line: string) => this.lines.push(JSON.parse(line)) };
    const logger = createLogger({ name: 'test', level: 'info', format: 'json', output });
    const { metrics } = this;
    const settings = { settings: SETTINGS, historyLimit: 50 };
    this.dependencies = { streams, checks, logger, metrics, ...settings };
  }

  create(name = 'app', sources?: Record<string, string>) {
    return this.#store.streams.commit(creation(name, sources));
  }

  async read(key = app): Promise<ImageStream> {
    const stream = await this.#store.streams.read(key);
    if (stream === undefined) throw new Error(`no stream ${key.name}`);
    return stream;
  }

  async checksOf(key = app): Promise<ReadonlyMap<string, CheckState>> {
    return this.#store.checks.readChecks((await this.read(key)).metadata.uid ?? '');
  }

  /** Appends a result for a stream as it is now. */
  async append(look: TagOutcome, { key = app } = {}): Promise<void> {
    const { uid = '' } = (await this.read(key)).metadata;
    await this.results.append(resultOf(look, { ...key, uid, tag: look.tag }));
  }

  /** Appends results and takes them, and what was appended before, as this test's consumer. */
  async deliver(...looks: readonly TagOutcome[]): Promise<readonly DeliveredResult[]> {
    for (const look of looks) await this.append(look);
    return (await this.results.read({ count: 500, wait: 0 })).results;
  }

  /** First digits of the images in a tag's record, newest first. */
  async imagesOf(tag = 'latest', key = app): Promise<readonly string[]> {
    const list = (await this.read(key)).status.tags?.find((one) => one.tag === tag);
    return (list?.items ?? []).map((event) => event.image.slice(7, 8));
  }

  /** The same of its whole history. */
  async historyOf(tag = 'latest'): Promise<readonly string[]> {
    const key = { ...app, uid: (await this.read()).metadata.uid ?? '', tag };
    const events = await this.#store.streams.history(key, { offset: 0, limit: 100 });
    return events.map((event) => event.image.slice(7, 8));
  }

  /** Entries that are delivered and not acknowledged. */
  async pending(): Promise<number> {
    return Number((await this.redis.xpending('{tagtrail}:results', 'status-writer'))[0]);
  }

  placed(tag = 'latest'): Promise<string | null> {
    return this.redis.zscore('{tagtrail}:due:quay.io', `demo/app:${tag}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.results[Symbol.asyncDispose]();
    await this.#store[Symbol.asyncDispose]();
  }
}

export function resultOf(look: TagOutcome, key: ImportResult['key']): ImportResult {
  const { fence, generation, from, outcome } = look;
  const times = { dueAt: T0, startedAt: T0 + 5, finishedAt: T0 + 50 };
  const rest = { requestCount: 0, reason: 'interval', registry: 'quay.io' } as const;
  return { version: 1, fence, key, generation, from, outcome, ...times, ...rest };
}
