import { deleteImageStream, type StreamEvent } from '@tagtrail/image-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHANGE_LOG_BYTES } from './limits.ts';
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
  it('drops its oldest entries over the byte limit and keeps the newest', async () => {
    await store.redis.set('{tagtrail}:log-bytes', CHANGE_LOG_BYTES);
    const from = await version();
    await store.streams.commit(creation('w6'));
    const left = await store.redis.xrange('{tagtrail}:log', '-', '+');
    expect(left.at(-1)?.[0]).toBe(`${Number(from) + 1}-0`);
    expect(Number(await store.redis.get('{tagtrail}:log-bytes'))).toBeLessThanOrEqual(
      CHANGE_LOG_BYTES,
    );
  });
});
