import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digest, openStoreForTest } from './testing/open-store-for-test.ts';

let store: Awaited<ReturnType<typeof openStoreForTest>>;
beforeAll(async () => {
  store = await openStoreForTest();
});
afterAll(async () => store[Symbol.asyncDispose]());

describe('referrers of images', () => {
  it('are kept per stream, and forgotten after a month', async () => {
    const { referrers } = store;
    const known = { list: '[1]', digests: [digest('a'), digest('b')] };
    await referrers.save('uid-1', digest('1'), known);
    expect(await referrers.read('uid-1', digest('1'))).toBe('[1]');
    expect(await referrers.read('uid-2', digest('1'))).toBeUndefined();
    expect(await referrers.subjectOf('uid-1', digest('b'))).toBe(digest('1'));
    expect(await referrers.subjectOf('uid-1', digest('c'))).toBeUndefined();
    expect([...(await referrers.listed('uid-1'))].sort()).toEqual([digest('a'), digest('b')]);
    expect(await referrers.listed('uid-2')).toEqual([]);
    expect(await referrers.subjectOf('uid-2', digest('b'))).toBeUndefined();
    for (const key of ['referrers', 'referred']) {
      expect(await store.redis.ttl(`{tagtrail}:${key}:uid-1`)).toBeGreaterThan(29 * 86_400);
    }
  });
});
