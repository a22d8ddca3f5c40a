import { replaceImageStream, type StreamKey } from '@tagtrail/image-stream';
import { decodeImportJob, type ImportJob } from '@tagtrail/import-contract';
import { openImportQueue } from '@tagtrail/import-queue-bullmq';
import { openResultLog } from '@tagtrail/import-results-redis';
import { createLogger } from '@tagtrail/observability';
import {
  creation,
  openStoreForTest,
  SETTINGS,
  T0,
} from '../../../../packages/image-stream-redis/src/testing/open-store-for-test.ts';

/** Where BullMQ keeps the waiting jobs. */
export const WAITING = '{tagtrail-queue}:imports:wait';
export const LIMITS = { now: T0, lease: 20_000, perHost: 32, batch: 500 };

/** Everything a producer works with, on a Redis of its own; what it logs is kept. */
export async function openProducerForTest() {
  const store = await openStoreForTest();
  const { url, redis, streams, checks, schedule } = store;
  const queue = await openImportQueue({ url });
  const results = await openResultLog({ url, consumer: 'test' });
  const lines: { readonly level: string; readonly msg: string }[] = [];
  const output = { write: (line: string) => lines.push(JSON.parse(line)) };
  const logger = createLogger({ name: 'test', level: 'info', format: 'json', output });
  return {
    dependencies: { streams, checks, schedule, queue, results, logger },
    images: store.images,
    redis,
    url,
    lines,
    /** The jobs that wait, oldest first. */
    async jobs(): Promise<readonly ImportJob[]> {
      const ids = await redis.lrange(WAITING, 0, -1);
      const texts = await Promise.all(
        ids.map((id) => redis.hget(`{tagtrail-queue}:imports:${id}`, 'data')),
      );
      return texts.reverse().flatMap((text) => {
        const decoded = decodeImportJob(JSON.parse(text ?? 'null'));
        return decoded.ok ? [decoded.job] : [];
      });
    },
    /** When a tag is in the schedule; undefined when it is not. */
    async placed(member: string, host = 'quay.io'): Promise<number | undefined> {
      const score = await redis.zscore(`{tagtrail}:due:${host}`, member);
      return score === null ? undefined : Number(score);
    },
    /** An edit that points every tag at another source, as the API makes it. */
    async edit(key: StreamKey, from: string, now = T0): Promise<void> {
      const current = await streams.read(key);
      if (current === undefined) throw new Error(`no stream ${key.name}`);
      const known = await checks.readChecks(current.metadata.uid ?? '');
      const tags = (current.spec.tags ?? []).map((tag) => ({
        ...tag,
        from: { kind: 'DockerImage', name: from },
      }));
      const input = { ...current, spec: { ...current.spec, tags } };
      const context = { now, uid: '', settings: SETTINGS, checks: known };
      const write = replaceImageStream(current, input, context);
      if (!write.ok) throw new Error('refused');
      await streams.commit(write.change);
    },
    create: (name: string, sources?: Record<string, string>) =>
      streams.commit(creation(name, sources)),
    [Symbol.asyncDispose]: async () => {
      await results[Symbol.asyncDispose]();
      await queue[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}
