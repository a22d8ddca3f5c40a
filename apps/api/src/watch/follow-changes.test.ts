import { StoreError } from '@tagtrail/image-stream';
import { createLogger } from '@tagtrail/observability';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryChangeLog } from '../testing/memory-change-log.ts';
import { ChangeFeed } from './change-feed.ts';
import { type ChangeBatch, ChangeFollower } from './follow-changes.ts';

const LONG_TICK = 60_000;

describe('ChangeFollower', () => {
  const logger = createLogger({ name: 'test', level: 'silent', format: 'json' });
  let stop: AbortController;
  let streams: MemoryChangeLog;
  let feed: ChangeFeed;
  let follower: ChangeFollower;
  let running: Promise<void>;

  beforeEach(async () => {
    stop = new AbortController();
    streams = new MemoryChangeLog();
    feed = new ChangeFeed({ streams, logger, limits: { entries: 8, bytes: 1_000_000 } });
    follower = new ChangeFollower({ feed, streams });
    running = feed.run(stop.signal);
    await until(() => feed.head !== undefined);
  });

  afterEach(async () => {
    stop.abort();
    await running;
    expect(streams.watching).toBe(0);
  });

  function follow(resourceVersion: string, tick = LONG_TICK) {
    return follower.follow({ resourceVersion, tick, signal: stop.signal });
  }

  it('answers at once that it has joined, and then with what happens', async () => {
    const batches = follow(streams.resourceVersion);
    expect(await batches.next()).toEqual({
      done: false,
      value: { changes: [], resourceVersion: '100' },
    });
    streams.put('one');
    expect(versions(await nextBatch(batches))).toEqual(['101']);
  });

  it('lets many watchers share one reading of the store', async () => {
    const all = Array.from({ length: 50 }, () => follow(streams.resourceVersion));
    await Promise.all(all.map((batches) => batches.next()));
    expect(streams.watching).toBe(1);
    streams.put('one');
    const frames = await Promise.all(
      all.map(async (batches) => (await nextBatch(batches)).changes[0]?.frame),
    );
    expect(new Set(frames).size).toBe(1);
  });

  it('replays what the feed still holds after an older version', async () => {
    const start = streams.resourceVersion;
    for (const name of ['a', 'b', 'c']) streams.put(name);
    await until(() => feed.head === streams.resourceVersion);
    expect(versions(await nextBatch(follow(start)))).toEqual(['101', '102', '103']);
    expect(streams.watching).toBe(1);
  });

  it('reads the store itself from before the feed reaches back, then joins the feed', async () => {
    const start = streams.resourceVersion;
    for (let count = 0; count < 30; count += 1) streams.put(`early-${count}`);
    await until(() => feed.head === streams.resourceVersion);
    const batches = follow(start);
    const seen = [...versions(await nextBatch(batches))];
    streams.put('late');
    await until(() => feed.head === streams.resourceVersion);
    while (seen.length < 31) seen.push(...versions(await nextBatch(batches)));
    expect(seen).toEqual(Array.from({ length: 31 }, (_, index) => String(101 + index)));
    expect(streams.watching).toBe(1);
  });

  it('has no gap and no duplicate when the feed runs away while a watcher catches up', async () => {
    const start = streams.resourceVersion;
    for (let count = 0; count < 20; count += 1) streams.put(`early-${count}`);
    await until(() => feed.head === streams.resourceVersion);
    const batches = follow(start);
    const seen: string[] = [];
    for (let round = 0; seen.length < 60; round += 1) {
      // More at once than the feed holds: whoever wants to join it is behind again, round after round.
      for (let count = 0; round < 4 && count < 10; count += 1) streams.put(`r${round}-${count}`);
      await until(() => feed.head === streams.resourceVersion);
      seen.push(...versions(await nextBatch(batches)));
    }
    expect(seen).toEqual(Array.from({ length: 60 }, (_, index) => String(101 + index)));
    await batches.return();
  });

  it('skips what the feed has still to read up to the version a watcher starts from', async () => {
    streams.fail(new StoreError('unavailable', 'down'));
    await until(() => feed.state === 'retrying');
    streams.put('unread');
    const start = streams.put('unread-too');
    streams.repair();
    const batches = follow(start);
    await batches.next();
    streams.put('news');
    expect(versions(await nextBatch(batches))).toEqual(['103']);
  });

  it('goes on after the store was away, without a gap', async () => {
    const batches = follow(streams.resourceVersion);
    await batches.next();
    streams.fail(new StoreError('unavailable', 'down'));
    streams.put('meanwhile');
    await until(() => feed.state === 'retrying');
    streams.repair();
    expect(versions(await nextBatch(batches))).toEqual(['101']);
  });

  it('ticks in silence', async () => {
    const batches = follow(streams.resourceVersion, 1);
    await batches.next();
    expect((await batches.next()).value).toEqual({ changes: [], resourceVersion: '100' });
  });

  it('refuses a version that the change log has forgotten', async () => {
    const start = streams.resourceVersion;
    for (let count = 0; count < 30; count += 1) streams.put(`early-${count}`);
    await until(() => feed.head === streams.resourceVersion);
    streams.trim(5);
    await expect(follow(start).next()).rejects.toMatchObject({
      status: { code: 410, reason: 'Expired' },
    });
  });

  it('refuses a version that the store has never reached', async () => {
    await expect(follow('999').next()).rejects.toMatchObject({
      status: { code: 410, reason: 'Expired' },
    });
  });

  it('drops a watcher that stays behind further than the feed holds', async () => {
    const batches = follow(streams.resourceVersion);
    await batches.next();
    for (let count = 0; count < 30; count += 1) streams.put(`fast-${count}`);
    await until(() => feed.head === streams.resourceVersion);
    await expect(batches.next()).rejects.toMatchObject({ status: { code: 410 } });
  });

  it('drops every watcher when changes were lost to the feed itself, and starts anew', async () => {
    const batches = follow(streams.resourceVersion);
    await batches.next();
    const next = batches.next();
    streams.fail(new StoreError('expired', 'gone'));
    await expect(next).rejects.toMatchObject({ status: { code: 410 } });
    await expect(follow('100').next()).rejects.toMatchObject({ status: { code: 503 } });
    streams.repair();
    await until(() => feed.state === 'following');
    await expect(follow(streams.resourceVersion).next()).resolves.toMatchObject({ done: false });
  });

  it('ends when its signal aborts', async () => {
    const batches = follow(streams.resourceVersion);
    await batches.next();
    const next = batches.next();
    stop.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});

function versions({ changes }: ChangeBatch): string[] {
  return changes.map(({ resourceVersion }) => resourceVersion);
}

async function nextBatch(batches: AsyncGenerator<ChangeBatch, void>): Promise<ChangeBatch> {
  for (;;) {
    const { done, value } = await batches.next();
    if (done === true) throw new Error('the watch ended');
    if (value.changes.length > 0) return value;
  }
}

/** Lets everything that can happen now happen until the condition holds; vitest's timeout is the limit. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
