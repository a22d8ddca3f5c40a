import { StoreError, type StreamChange } from '@tagtrail/image-stream';
import { openResultLog } from '@tagtrail/import-results-redis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digest } from '../../../packages/image-stream-redis/src/testing/open-store-for-test.ts';
import {
  documentOf,
  found,
} from '../../../packages/image-stream-redis/src/testing/record-for-test.ts';
import { keepHouse } from './keep-house.ts';
import { failed, look, unchanged } from './testing/looks.ts';
import { CountedWrites, openWriterForTest } from './testing/open-writer-for-test.ts';
import { type WriteDependencies, type WriteLimits, writeStatus } from './write-status.ts';

let writer: Awaited<ReturnType<typeof openWriterForTest>>;
let stop: AbortController;
let ended: Promise<unknown>;
beforeEach(async () => {
  writer = await openWriterForTest();
  await writer.images.save(['1', '2'].map((digit) => documentOf(digest(digit))));
  await writer.create();
  stop = new AbortController();
  ended = Promise.resolve();
});
afterEach(async () => {
  stop.abort();
  await ended;
  await writer[Symbol.asyncDispose]();
});

const LIMITS: WriteLimits = { batchSize: 100, batchWait: 5, claimIdle: 30_000, maxDeliveries: 5 };

/** Counts that say when a condition on them holds. */
class AwaitedWrites extends CountedWrites {
  readonly #waiting = new Set<() => void>();
  override progressed(): void {
    super.progressed();
    for (const look of this.#waiting) look();
  }
  /** At the end of the round after which it does; every round's own waits keep the time. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!holds()) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
    });
  }
}

function start(parts: Partial<WriteDependencies> = {}, limits: Partial<WriteLimits> = {}) {
  const metrics = new AwaitedWrites();
  const { dependencies, results } = writer;
  const all = { ...dependencies, results, metrics, ...parts };
  ended = writeStatus(all, { ...LIMITS, ...limits }, stop.signal);
  return metrics;
}

describe('the loop', () => {
  it('writes what comes, and acknowledges it', async () => {
    const metrics = start();
    await writer.append(found('1', 1));
    await metrics.until(() => metrics.commits.length === 1);
    await writer.append(look(2, unchanged('1')));
    await metrics.until(() => metrics.touches === 1);
    expect(await writer.imagesOf()).toEqual(['1']);
    expect(await writer.pending()).toBe(0);
  });

  it('ends when it is told to, with what it has begun', async () => {
    const metrics = start();
    await metrics.until(() => metrics.rounds > 0);
    await writer.append(found('1', 1));
    await metrics.until(() => metrics.commits.length === 1);
    stop.abort();
    await ended;
    expect(await writer.pending()).toBe(0);
    await writeStatus(
      { ...writer.dependencies, results: writer.results, metrics },
      LIMITS,
      stop.signal,
    );
  });

  it('writes a batch again after an outage, without waiting for it to be delivered again', async () => {
    const { streams } = writer.dependencies;
    let outages = 2;
    const commit = (change: StreamChange) => {
      outages -= 1;
      return outages >= 0
        ? Promise.reject(new StoreError('unavailable', 'away'))
        : streams.commit(change);
    };
    await writer.append(found('1', 1));
    const metrics = start({ streams: { read: streams.read, commit } });
    await metrics.until(() => metrics.commits.length === 1);
    expect(await writer.historyOf()).toEqual(['1']);
    expect(await writer.pending()).toBe(0);
    expect(writer.lines.map(({ level }) => level)).toEqual(['warn', 'warn']);
  });

  it('takes over what a writer left that was killed', async () => {
    await writer.append(found('1', 1));
    const killed = await openResultLog({ url: writer.url, consumer: 'killed' });
    await killed.read({ count: 10, wait: 0 });
    await killed[Symbol.asyncDispose]();
    const metrics = start({}, { claimIdle: 0 });
    await metrics.until(() => metrics.commits.length === 1);
    expect(await writer.imagesOf()).toEqual(['1']);
  });
});

describe('dead letters', () => {
  const letters = () => writer.redis.xrange('{tagtrail}:dead-letters', '-', '+');

  it('are what was delivered too often, and name the tag', async () => {
    await writer.append(found('1', 1));
    await writer.deliver();
    for (let time = 0; time < LIMITS.maxDeliveries; time += 1) {
      await writer.results.claimStale({ count: 10, idle: 0 });
    }
    const metrics = start({}, { claimIdle: 0 });
    await metrics.until(() => metrics.burials === 1);
    expect(JSON.stringify(await letters())).toContain('demo/app:latest was not recorded');
    expect(await writer.imagesOf()).toEqual([]);
    expect(await writer.pending()).toBe(0);
    // The look is lost, the tag is not: its lease brings it back.
    expect(await writer.placed()).not.toBeNull();
  });

  it('are what cannot be read, and what comes with it is written', async () => {
    await writer.redis.xadd('{tagtrail}:results', '*', 'payload', 'nonsense');
    await writer.append(found('1', 1));
    await writer.append(look(2, failed));
    const metrics = start();
    await metrics.until(() => metrics.burials === 1);
    expect(await letters()).toHaveLength(1);
    expect(await writer.imagesOf()).toEqual(['1']);
    expect(await writer.pending()).toBe(0);
  });

  it('that cannot be buried keep nothing else from being written', async () => {
    await writer.redis.set('{tagtrail}:dead-letters', 'something else');
    await writer.redis.xadd('{tagtrail}:results', '*', 'payload', 'nonsense');
    await writer.append(found('1', 1));
    const metrics = start();
    await metrics.until(() => metrics.commits.length === 1);
    await writer.append(found('2', 2));
    await metrics.until(() => metrics.commits.length === 2);
    expect(await writer.imagesOf()).toEqual(['2', '1']);
  });
});

describe('house-keeping', () => {
  it('goes on after trouble, and ends when it is told to', async () => {
    const { promise: collected, resolve } = Promise.withResolvers<void>();
    const images = { collect: () => Promise.resolve(0).finally(resolve) };
    const { logger } = writer.dependencies;
    const kept = keepHouse({ results: writer.results, images, logger }, stop.signal);
    await collected;
    stop.abort();
    await kept;
    const broken = { trim: () => Promise.reject(new Error('torn')) };
    const later = new AbortController();
    const ended = keepHouse({ results: broken, images, logger }, later.signal);
    while (writer.lines.length === 0) await Promise.resolve();
    later.abort();
    await ended;
    expect(writer.lines).toMatchObject([{ level: 'warn' }]);
  });
});
