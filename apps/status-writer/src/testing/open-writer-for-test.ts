import type { StreamKey, TagOutcome } from '@tagtrail/image-stream';
import type { DeliveredResult, ImportResult } from '@tagtrail/import-contract';
import { openResultLog } from '@tagtrail/import-results-redis';
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
  contentions = 0;
  burials = 0;
  rounds = 0;
  readonly commits: Committed[] = [];
  touched(count: number): void {
    this.touches += count;
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

/** Everything a status writer works with, on a Redis of its own; what it logs and counts is kept. */
export async function openWriterForTest() {
  const store = await openStoreForTest();
  const { url, redis, streams, checks, images } = store;
  const results = await openResultLog({ url, consumer: 'test' });
  const lines: { readonly level: string; readonly msg: string }[] = [];
  const output = { write: (line: string) => lines.push(JSON.parse(line)) };
  const logger = createLogger({ name: 'test', level: 'info', format: 'json', output });
  const metrics = new CountedWrites();
  const dependencies = { streams, checks, logger, metrics, settings: SETTINGS, historyLimit: 50 };

  async function read(key = app) {
    const stream = await streams.read(key);
    if (stream === undefined) throw new Error(`no stream ${key.name}`);
    return stream;
  }

  /** Appends a result for a stream as it is now, or for a uid it had before. */
  async function append(look: TagOutcome, { key = app, uid = '' } = {}): Promise<void> {
    const known = uid === '' ? ((await read(key)).metadata.uid ?? '') : uid;
    await results.append(resultOf(look, { ...key, uid: known, tag: look.tag }));
  }

  return {
    dependencies,
    results,
    metrics,
    lines,
    redis,
    url,
    images,
    schedule: store.schedule,
    read,
    append,
    create: (name = 'app', sources?: Record<string, string>) =>
      streams.commit(creation(name, sources)),
    checksOf: async (key = app) => checks.readChecks((await read(key)).metadata.uid ?? ''),
    /** Appends results and takes them as this test's consumer. */
    async deliver(...looks: readonly TagOutcome[]): Promise<readonly DeliveredResult[]> {
      for (const look of looks) await append(look);
      return (await results.read({ count: 500, wait: 0 })).results;
    },
    /** First digits of the images in a tag's record, newest first. */
    async imagesOf(tag = 'latest', key = app): Promise<readonly string[]> {
      const lists = (await read(key)).status.tags ?? [];
      const list = lists.find((one) => one.tag === tag);
      return (list?.items ?? []).map((event) => event.image.slice(7, 8));
    },
    /** The same of its whole history. */
    async historyOf(tag = 'latest'): Promise<readonly string[]> {
      const key = { ...app, uid: (await read()).metadata.uid ?? '', tag };
      const events = await streams.history(key, { offset: 0, limit: 100 });
      return events.map((event) => event.image.slice(7, 8));
    },
    /** Entries that are delivered and not acknowledged. */
    pending: async () => Number((await redis.xpending('{tagtrail}:results', 'status-writer'))[0]),
    placed: (tag = 'latest') => redis.zscore('{tagtrail}:due:quay.io', `demo/app:${tag}`),
    [Symbol.asyncDispose]: async () => {
      await results[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}

export function resultOf(look: TagOutcome, key: ImportResult['key']): ImportResult {
  const { fence, generation, from, outcome } = look;
  const times = { dueAt: T0, startedAt: T0 + 5, finishedAt: T0 + 50 };
  const rest = { requestCount: 0, reason: 'interval', registry: 'quay.io' } as const;
  return { version: 1, fence, key, generation, from, outcome, ...times, ...rest };
}
