import { openImageStreamRedis } from '@tagtrail/image-stream-redis';
import { openImportQueue } from '@tagtrail/import-queue-bullmq';
import { openResultLog } from '@tagtrail/import-results-redis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBreakableLink } from '../../../packages/redis-connection/src/testing/breakable-link.ts';
import { type ProduceDependencies, produce } from './produce.ts';
import { openProducerForTest, WAITING } from './testing/open-producer-for-test.ts';
import { createWake, type Wake } from './wake.ts';
import { wakeOnChanges } from './wake-on-changes.ts';

let producer: Awaited<ReturnType<typeof openProducerForTest>>;
let stop: AbortController;
let ended: Promise<unknown>;
beforeEach(async () => {
  producer = await openProducerForTest();
  stop = new AbortController();
  ended = Promise.resolve();
});
afterEach(async () => {
  stop.abort();
  await ended;
  await producer[Symbol.asyncDispose]();
});

/** So long that only a wake can end it within the time of a test. */
const LIMITS = { lease: 20_000, perHost: 32, highWater: 100, tick: 50_000 };

/** A wake that tells how long the loop wants to sleep, and lets it sleep until it is woken. */
function watchedWake(): Wake & { sleeps(): Promise<number> } {
  const wake = createWake();
  const asked: number[] = [];
  let heard: (() => void) | undefined;
  return {
    wake: () => wake.wake(),
    wait(ms, signal) {
      asked.push(ms);
      heard?.();
      return wake.wait(Math.max(ms, LIMITS.tick), signal);
    },
    /** How long the next sleep shall be, ms. */
    async sleeps() {
      while (asked.length === 0) await new Promise<void>((resolve) => (heard = resolve));
      return asked.shift() ?? 0;
    },
  };
}

function start(parts: Partial<ProduceDependencies> = {}, limits = LIMITS) {
  const wake = watchedWake();
  const counted = { enqueued: 0, held: 0, rounds: 0 };
  const metrics = {
    enqueued(count: number) {
      counted.enqueued += count;
    },
    held() {
      counted.held += 1;
    },
    progressed() {
      counted.rounds += 1;
    },
  };
  const dependencies = { ...producer.dependencies, wake, metrics, ...parts };
  ended = produce(dependencies, limits, stop.signal);
  return { wake, counted };
}

describe('the loop', () => {
  it('sleeps until the tick while nothing is due', async () => {
    const { wake, counted } = start();
    const asked = await wake.sleeps();
    expect(asked).toBeGreaterThan(LIMITS.tick - 100);
    expect(asked).toBeLessThanOrEqual(LIMITS.tick);
    expect(counted).toEqual({ enqueued: 0, held: 0, rounds: 1 });
  });

  it('enqueues a new stream at once, told by the change log', async () => {
    const { wake, counted } = start();
    await wake.sleeps();
    const following = wakeOnChanges({ ...producer.dependencies, wake }, stop.signal);
    ended = Promise.all([ended, following]);
    await wake.sleeps();
    await producer.create('app');
    while (counted.enqueued === 0) await wake.sleeps();
    expect((await producer.jobs()).map(({ from }) => from)).toEqual(['quay.io/acme/app']);
  });

  it('sleeps as long while all that is due belongs to a registry in a cool-down', async () => {
    await producer.create('app');
    const packed = `${Date.now() + 600_000} 0 it answered 429`;
    await producer.redis.hset('{tagtrail}:cool-downs', 'quay.io', packed);
    const { wake, counted } = start();
    for (let round = 0; round < 3; round += 1) {
      expect(await wake.sleeps()).toBeGreaterThan(LIMITS.tick - 100);
      wake.wake();
    }
    expect(counted.enqueued).toBe(0);
  });

  it('lets due tags gather for a tick after a claim, and no claim comes back before its lease', async () => {
    await producer.create('app');
    const { wake, counted } = start();
    expect(await wake.sleeps()).toBeGreaterThan(LIMITS.tick - 100);
    wake.wake();
    const again = await wake.sleeps();
    expect(again).toBeGreaterThan(LIMITS.lease - 1_000);
    expect(again).toBeLessThanOrEqual(LIMITS.lease);
    expect(counted).toEqual({ enqueued: 1, held: 0, rounds: 2 });
  });

  it('looks again soon at a host that is at its cap', async () => {
    await producer.create('app', { a: 'quay.io/a', b: 'quay.io/b' });
    const { wake } = start({}, { ...LIMITS, perHost: 1 });
    const asked = await wake.sleeps();
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(100);
  });

  it('goes on at once while more is due than one round takes', async () => {
    const sources = Array.from({ length: 600 }, (_, at) => [`v${at}`, 'quay.io/acme/app']);
    await producer.create('app', Object.fromEntries(sources));
    const { wake, counted } = start({}, { ...LIMITS, perHost: 1_000, highWater: 1_000 });
    expect(await wake.sleeps()).toBe(0);
    wake.wake();
    expect(await wake.sleeps()).toBeGreaterThan(100);
    expect(counted).toEqual({ enqueued: 600, held: 0, rounds: 2 });
  });

  it('claims nothing while as many jobs wait as are allowed, and goes on when they are taken', async () => {
    const limits = { ...LIMITS, highWater: 2 };
    await producer.create('app', { a: 'quay.io/a', b: 'quay.io/b', c: 'quay.io/c' });
    const { wake, counted } = start({}, limits);
    await wake.sleeps();
    wake.wake();
    expect(await wake.sleeps()).toBeGreaterThan(100);
    expect(counted).toMatchObject({ enqueued: 2, held: 1 });
    expect(await producer.placed('demo/app:c')).toBeLessThan(Date.now());
    await producer.redis.del(WAITING);
    wake.wake();
    await wake.sleeps();
    expect(counted).toMatchObject({ enqueued: 3, held: 1 });
  });

  it('claims nothing while as many results are behind as jobs are allowed', async () => {
    await producer.create('app');
    const stats = { lag: 60, pending: 41, length: 200, deadLetters: 0, oldestPending: 0 };
    const startRun = () => producer.dependencies.results.startRun();
    const results = { startRun, stats: async () => stats };
    const { wake, counted } = start({ results });
    await wake.sleeps();
    expect(counted).toMatchObject({ enqueued: 0, held: 1 });
  });

  it('ends at once when it is told to, asleep or not', async () => {
    const { wake } = start();
    await wake.sleeps();
    stop.abort();
    await ended;
    await produce({ ...producer.dependencies, wake, metrics: silent }, LIMITS, stop.signal);
  });
});

const silent = { enqueued: () => undefined, held: () => undefined, progressed: () => undefined };

describe('without Redis for a while', () => {
  it('goes on by itself and finds what became due meanwhile', async () => {
    const link = await openBreakableLink(producer.url);
    const store = await openImageStreamRedis({ url: link.url, name: 'linked' });
    const queue = await openImportQueue({ url: link.url });
    const results = await openResultLog({ url: link.url, consumer: 'linked' });
    const { streams, checks, schedule } = store;
    const { wake, counted } = start({ streams, checks, schedule, queue, results });
    const following = wakeOnChanges({ ...producer.dependencies, streams, wake }, stop.signal);
    ended = Promise.all([ended, following]);
    await wake.sleeps();
    await link.cut();
    await producer.create('app');
    wake.wake();
    await link.mend();
    while (counted.enqueued === 0) await wake.sleeps();
    expect((await producer.jobs()).map(({ from }) => from)).toEqual(['quay.io/acme/app']);
    stop.abort();
    await ended;
    for (const part of [results, queue, store, link]) await part[Symbol.asyncDispose]();
  });
});
