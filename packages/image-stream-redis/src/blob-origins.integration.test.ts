import { afterAll, beforeAll, expect, it } from 'vitest';
import { digest, openStoreForTest } from './testing/open-store-for-test.ts';

let store: Awaited<ReturnType<typeof openStoreForTest>>;
beforeAll(async () => {
  store = await openStoreForTest();
});
afterAll(async () => store[Symbol.asyncDispose]());

it('knows which repositories have delivered a blob, for as long as somebody asks', async () => {
  const { blobOrigins } = store;
  expect(await blobOrigins.deliveredBy(digest('1'), ['quay.io/a/b'])).toBe(false);
  await blobOrigins.add(digest('1'), 'quay.io/a/b');
  expect(await blobOrigins.deliveredBy(digest('1'), ['quay.io/x/y', 'quay.io/a/b'])).toBe(true);
  expect(await blobOrigins.deliveredBy(digest('1'), ['quay.io/x/y'])).toBe(false);
  expect(await blobOrigins.deliveredBy(digest('1'), [])).toBe(false);
  expect(await blobOrigins.deliveredBy(digest('2'), ['quay.io/a/b'])).toBe(false);
  const key = `{tagtrail}:delivered:${digest('1')}`;
  await store.redis.expire(key, 60);
  await blobOrigins.deliveredBy(digest('1'), ['quay.io/a/b']);
  expect(await store.redis.ttl(key)).toBeGreaterThan(399 * 86_400);
});
