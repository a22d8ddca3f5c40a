import { deleteImageStream, type StreamEvent } from '@tagtrail/image-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHANGE_LOG_BYTES, VERSION_JUMP } from './limits.ts';
import { openImageStreamRedis } from './open-image-stream-redis.ts';
import { creation, openStoreForTest } from './testing/open-store-for-test.ts';

let store: Awaited<ReturnType<typeof openStoreForTest>>;
beforeAll(async () => {
  store = await openStoreForTest();
});
afterAll(async () => store[Symbol.asyncDispose]());

const version = async () => (await store.redis.get('{tagtrail}:rv')) ?? '0';

async function take(from: string, count: number): Promise<readonly StreamEvent[]> {
  const stop = new AbortController();
  const events: StreamEvent[] = [];
  for await (const batch of store.streams.watch(from, stop.signal)) {
    events.push(...batch);
    if (events.length >= count) break;
  }
  return events;
}

describe('a watch', () => {
  it('sees changes made before and after it began, in order, once', async () => {
    const from = await version();
    await store.streams.commit(creation('w1'));
    const seen = take(from, 3);
    const second = await store.streams.commit(creation('w2'));
    if (second.kind !== 'committed' || second.stream === undefined) throw new Error('not created');
    await store.streams.commit(deleteImageStream(second.stream, new Map()));
    const events = await seen;
    expect(
      events.map(({ key, before, after }) => [key.name, before !== undefined, after !== undefined]),
    ).toEqual([
      ['w1', false, true],
      ['w2', false, true],
      ['w2', true, false],
    ]);
    expect(events.map((event) => Number(event.resourceVersion) - Number(from))).toEqual([1, 2, 3]);
    expect(events[0]?.after?.metadata.resourceVersion).toBe(events[0]?.resourceVersion);
  });

  it('ends quietly when it is aborted while it waits', async () => {
    const stop = new AbortController();
    const watch = store.streams.watch(await version(), stop.signal)[Symbol.asyncIterator]();
    const next = watch.next();
    stop.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('expires at a point ahead of the counter', async () => {
    const ahead = String(Number(await version()) + 5);
    await expect(take(ahead, 1)).rejects.toMatchObject({ code: 'expired' });
  });

  it('expires when the entries after its point were dropped', async () => {
    const from = await version();
    await store.streams.commit(creation('w3'));
    await store.streams.commit(creation('w4'));
    await store.redis.xtrim('{tagtrail}:log', 'MAXLEN', 1);
    await expect(take(from, 1)).rejects.toMatchObject({ code: 'expired' });
  });

  it('expires when the counter jumped over a lost tail', async () => {
    const from = await version();
    await store.redis.incrby('{tagtrail}:rv', 1000);
    await expect(take(from, 1)).rejects.toMatchObject({ code: 'expired' });
    await store.streams.commit(creation('w5'));
    await expect(take(from, 1)).rejects.toMatchObject({ code: 'expired' });
  });
});

describe('the change log', () => {
  const held = async () => Number(await store.redis.get('{tagtrail}:log-bytes'));
  const sizes = async () =>
    (await store.redis.xrange('{tagtrail}:log', '-', '+')).map(([, fields]) => Number(fields[1]));
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
  /** As if as many bytes were held by older entries. */
  const pretend = async (bytes: number) => {
    const id = `${Number(await version()) + 1}-0`;
    await store.redis.xadd('{tagtrail}:log', id, 's', bytes, 'k', 'demo/x', 'b', '', 'a', '');
    await store.redis.incrby('{tagtrail}:log-bytes', bytes);
    await store.redis.incr('{tagtrail}:rv');
  };

  it('drops its oldest entries over the byte limit and keeps the newest', async () => {
    await store.redis.set('{tagtrail}:log-bytes', CHANGE_LOG_BYTES);
    const from = await version();
    await store.streams.commit(creation('w6'));
    const left = await store.redis.xrange('{tagtrail}:log', '-', '+');
    expect(left.at(-1)?.[0]).toBe(`${Number(from) + 1}-0`);
    expect(await held()).toBeLessThanOrEqual(CHANGE_LOG_BYTES);
  });

  it('gives way to a large entry at once, however many small ones that takes', async () => {
    await store.redis.del('{tagtrail}:log', '{tagtrail}:log-bytes');
    for (let at = 0; at < 300; at += 1) await pretend(1_000);
    await pretend(CHANGE_LOG_BYTES - 300_500);
    await store.streams.commit(creation('w7'));
    expect(await held()).toBeLessThanOrEqual(CHANGE_LOG_BYTES);
    await pretend(300_000);
    await store.streams.commit(creation('w8'));
    expect(await held()).toBeLessThanOrEqual(CHANGE_LOG_BYTES);
    expect(sum(await sizes())).toBe(await held());
  });

  it('counts right again after somebody else trimmed it', async () => {
    await store.redis.set('{tagtrail}:log-bytes', 2 * CHANGE_LOG_BYTES);
    await store.redis.xtrim('{tagtrail}:log', 'MAXLEN', 1);
    await store.streams.commit(creation('w9'));
    await store.streams.commit(creation('w10'));
    expect(await sizes()).toHaveLength(2);
    expect(sum(await sizes())).toBe(await held());
  });

  it('goes on after a run of Redis that may have forgotten its tail: a watch across it expires', async () => {
    const from = await version();
    await store.redis.config('SET', 'appendfsync', 'everysec');
    await store.redis.set('{tagtrail}:run', 'an earlier run');
    const reopened = await openImageStreamRedis({ url: store.url, name: 'reopened' });
    const { resourceVersion } = await reopened.streams.list({});
    expect(Number(resourceVersion) - Number(from)).toBe(VERSION_JUMP);
    await expect(take(from, 1)).rejects.toMatchObject({ code: 'expired' });
    const seen = take(resourceVersion, 1);
    await reopened.streams.commit(creation('w11'));
    expect((await seen)[0]?.resourceVersion).toBe(String(Number(resourceVersion) + 1));
    await reopened[Symbol.asyncDispose]();
  });
});
