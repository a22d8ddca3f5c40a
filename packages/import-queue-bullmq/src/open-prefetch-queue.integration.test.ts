import { PREFETCH_JOB_VERSION, type PrefetchJob } from '@tagtrail/import-contract';
import { closeRedis, openRedis } from '@tagtrail/redis-connection';
import { Queue } from 'bullmq';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedRedis, openRedisForTest } from '../../embedded-redis/src/index.ts';
import { openPrefetchQueue } from './open-prefetch-queue.ts';
import { DEFAULT_PREFIX } from './queue-settings.ts';

let redis: EmbeddedRedis;
let errors: Error[];
beforeAll(async () => {
  redis = await openRedisForTest();
});
afterAll(() => redis[Symbol.asyncDispose]());
beforeEach(() => {
  errors = [];
});

const job = (digit: string, uid = 'u'): PrefetchJob => ({
  version: PREFETCH_JOB_VERSION,
  key: { namespace: 'demo', name: 'web', uid },
  image: `sha256:${digit.repeat(64)}`,
});
const open = () => openPrefetchQueue({ url: redis.url, onError: (error) => errors.push(error) });

describe('the queue of images to copy', () => {
  it('runs each image of each stream once, however often it is added', async () => {
    const queue = await open();
    await queue.add([job('a'), job('b')]);
    await queue.add([job('a'), job('a', 'other')]);
    const stopping = new AbortController();
    const ran: PrefetchJob[] = [];
    const running = queue.run(async (one) => {
      ran.push(one);
      if (ran.length === 3) stopping.abort();
    }, stopping.signal);
    await running;
    expect(ran.map(({ key, image }) => `${key.uid} ${image.at(-1)}`).sort()).toEqual([
      'other a',
      'u a',
      'u b',
    ]);
    await queue[Symbol.asyncDispose]();
  });

  it('runs an image again that is added after it was done', async () => {
    for (let times = 0; times < 2; times += 1) {
      const queue = await open();
      await queue.add([job('c')]);
      const stopping = new AbortController();
      await queue.run(async () => stopping.abort(), stopping.signal);
      await queue[Symbol.asyncDispose]();
    }
    expect(errors).toEqual([]);
  });

  it('tells of a job that failed and keeps it for later, and gives up what is no job', async () => {
    const connection = openRedis({ url: redis.url, name: 'test' });
    const raw = new Queue('prefetches', { connection, prefix: DEFAULT_PREFIX });
    await raw.add('prefetch', { version: 9 });
    const queue = await open();
    await queue.add([job('d')]);
    const stopping = new AbortController();
    const running = queue.run(() => Promise.reject(new Error('no such host')), stopping.signal);
    await expect
      .poll(() => errors.map(({ message }) => message).sort(), { timeout: 15_000 })
      .toEqual([
        expect.stringMatching(/^prefetch \S+ failed: not a prefetch job: /),
        expect.stringMatching(/^prefetch \S+ failed: no such host$/),
      ]);
    stopping.abort();
    await running;
    expect(await raw.getJobCounts('delayed')).toEqual({ delayed: 1 });
    await raw.close();
    closeRedis(connection);
    await queue[Symbol.asyncDispose]();
  });

  it('says that it cannot be reached', async () => {
    const opening = openPrefetchQueue({ url: 'redis://127.0.0.1:1', onError: () => undefined });
    await expect(opening).rejects.toMatchObject({ code: 'unavailable' });
  });
});
