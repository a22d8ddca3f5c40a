import { deleteImageStream, type SlotReply } from '@tagtrail/image-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { creation, openStoreForTest } from './testing/open-store-for-test.ts';

let store: Awaited<ReturnType<typeof openStoreForTest>>;
beforeEach(async () => {
  store = await openStoreForTest();
});
afterEach(async () => store[Symbol.asyncDispose]());

const REQUEST = '{tagtrail}:request:r-1';
const REPLIES = '{tagtrail}:replies:api-1';

function reply(slot: number, text: string): SlotReply {
  return { request: REQUEST, replies: REPLIES, id: 'r-1', slot, text };
}

/** Somebody waits. */
const wait = () => store.redis.hset(REQUEST, 'open', '1');

async function told(): Promise<readonly (readonly string[])[]> {
  const entries = await store.redis.xrange(REPLIES, '-', '+');
  return entries.map(([, fields]) => fields);
}

describe('a commit with replies', () => {
  it('fills the slot and tells whoever waits, in the same write', async () => {
    await wait();
    const { kind } = await store.streams.commit({ ...creation('app'), replies: [reply(0, 'yes')] });
    expect(kind).toBe('committed');
    expect(await store.redis.hget(REQUEST, '0')).toBe('yes');
    expect(await told()).toEqual([['id', 'r-1', 'slot', '0', 'text', 'yes']]);
    expect(await store.redis.pttl(REPLIES)).toBeGreaterThan(0);
  });

  it('writes and tells nobody when nobody waits any more', async () => {
    const { kind } = await store.streams.commit({ ...creation('app'), replies: [reply(0, 'yes')] });
    expect(kind).toBe('committed');
    expect(await store.redis.exists(REQUEST, REPLIES)).toBe(0);
  });

  it('writes nothing when a slot was filled before: it is a second delivery', async () => {
    await wait();
    await store.streams.commit({ ...creation('app'), replies: [reply(0, 'yes')] });
    const again = { ...creation('other'), replies: [reply(1, 'new'), reply(0, 'again')] };
    expect(await store.streams.commit(again)).toEqual({ kind: 'answered', replies: [1] });
    expect(await store.streams.read({ namespace: 'demo', name: 'other' })).toBeUndefined();
    expect(await told()).toHaveLength(1);
  });

  it('does not bring back a stream of a uid that was deleted', async () => {
    const change = creation('app');
    await store.streams.commit(change);
    const stream = await store.streams.read({ namespace: 'demo', name: 'app' });
    if (stream === undefined) throw new Error('no stream');
    await store.streams.commit(deleteImageStream(stream, new Map()));
    expect(await store.streams.commit(change)).toEqual({ kind: 'gone' });
    expect(await store.streams.read({ namespace: 'demo', name: 'app' })).toBeUndefined();
    expect((await store.streams.commit(creation('app'))).kind).toBe('committed');
  });

  it('tells of nothing when the record moved meanwhile', async () => {
    await wait();
    await store.streams.commit(creation('app'));
    const stale = { ...creation('app'), replies: [reply(0, 'yes')] };
    expect((await store.streams.commit(stale)).kind).toBe('conflict');
    expect(await told()).toEqual([]);
  });
});
