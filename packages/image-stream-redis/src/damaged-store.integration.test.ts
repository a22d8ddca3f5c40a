import { deleteImageStream, type StoreError, type StreamKey } from '@tagtrail/image-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openImageStreamRedis } from './open-image-stream-redis.ts';
import { checksOf, creation, openStoreForTest } from './testing/open-store-for-test.ts';
import { committed, documentOf, found, recordLooks } from './testing/record-for-test.ts';

let store: Awaited<ReturnType<typeof openStoreForTest>>;
beforeEach(async () => {
  store = await openStoreForTest();
});
afterEach(async () => store[Symbol.asyncDispose]());

const key = (name: string) => ({ namespace: 'demo', name });
const sources = { good: 'quay.io/acme/good', bad: 'quay.io/acme/bad' };

/** A stream with two tags, and the key of its check states. */
async function twoTags(name: string) {
  const change = creation(name, sources);
  const stream = committed(await store.streams.commit(change));
  const uid = stream.metadata.uid ?? '';
  return { stream, change, uid, checks: `{tagtrail}:checks:${uid}` };
}

describe('a check state that cannot be read', () => {
  const odd = [
    'nonsense',
    '[]',
    '[2,"a later layout"]',
    '[1,1,"quay.io","/r","",0,0,null,null,"soon",0,"never","",null,null]',
  ];

  it.each(odd)('counts as absent and hides no other: %s', async (text) => {
    const { uid, checks } = await twoTags('app');
    await store.redis.hset(checks, 'bad', text);
    expect([...(await store.checks.readChecks(uid)).keys()]).toEqual(['good']);
    const tags = ['bad', 'good', 'none'].map((tag) => ({ ...key('app'), uid, tag }));
    const read = await store.checks.readCheck(tags);
    expect(read.map((state) => state?.repository)).toEqual([
      undefined,
      'quay.io/acme/good',
      undefined,
    ]);
  });

  it('is replaced by a commit that expects none, but not if somebody mended it first', async () => {
    const { stream, change, uid, checks } = await twoTags('app');
    const state = checksOf(change).get('bad');
    if (state === undefined) throw new Error('no check');
    await store.redis.hset(checks, 'bad', 'nonsense');
    const mend = {
      key: key('app'),
      before: stream,
      after: stream,
      recordUnchanged: true,
      checks: [{ tag: 'bad', state: { ...state, fence: 5 } }],
      expectedChecks: new Map([['bad', undefined]]),
      history: [],
      receipts: [],
    };
    expect((await store.streams.commit(mend)).kind).toBe('committed');
    expect((await store.checks.readChecks(uid)).get('bad')?.fence).toBe(5);
    expect((await store.streams.commit(mend)).kind).toBe('conflict');
  });

  it('does not outlive its stream', async () => {
    const { stream, uid, checks } = await twoTags('app');
    await store.redis.hset(checks, 'bad', 'nonsense');
    await store.streams.commit(deleteImageStream(stream, await store.checks.readChecks(uid)));
    expect(await store.redis.exists(checks)).toBe(0);
  });
});

describe('a record that cannot be read', () => {
  it.each([
    ['no JSON', (record: string) => store.redis.hset(record, 'meta', 'nonsense')],
    ['no object', (record: string) => store.redis.hset(record, 'meta', '7')],
    ['no spec', (record: string) => store.redis.hset(record, 'meta', '{"metadata":{}}')],
    ['no definition at all', (record: string) => store.redis.hdel(record, 'meta')],
    ['a status that is none', (record: string) => store.redis.hset(record, 't:good', '{}')],
    ['another kind of key', (record: string) => store.redis.set(record, 'x')],
  ])('is told as damaged, and hides no other from a list: %s', async (_, damage) => {
    await twoTags('a-bad');
    await twoTags('good');
    await damage('{tagtrail}:is:demo/a-bad');
    const heard: [StreamKey, StoreError][] = [];
    const listing = await openImageStreamRedis({
      url: store.url,
      name: 'list',
      onDamaged: (...notice) => heard.push(notice),
    });
    const { items, resourceVersion } = await listing.streams.list({});
    await listing[Symbol.asyncDispose]();
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['good']);
    expect(resourceVersion).toBe('2');
    expect(heard).toMatchObject([[key('a-bad'), { code: 'damaged', retryable: false }]]);
    await expect(store.streams.read(key('a-bad'))).rejects.toMatchObject({ code: 'damaged' });
    expect(await store.streams.read(key('none'))).toBeUndefined();
  });
});

describe('other values that cannot be read', () => {
  it('end a watch like a change that was dropped: list again', async () => {
    await twoTags('app');
    await store.redis.xadd('{tagtrail}:log', '2-0', 's', '1', 'k', 'demo/x', 'b', '', 'a', '{');
    await store.redis.set('{tagtrail}:rv', 2);
    const watch = store.streams.watch('1', new AbortController().signal)[Symbol.asyncIterator]();
    await expect(watch.next()).rejects.toMatchObject({ code: 'expired' });
  });

  it('are told of a history', async () => {
    const { uid } = await twoTags('app');
    const tag = { ...key('app'), uid, tag: 'good' };
    await store.redis.lpush(`{tagtrail}:history:${uid}:good`, 'nonsense');
    const history = store.streams.history(tag, { offset: 0, limit: 9 });
    await expect(history).rejects.toMatchObject({ code: 'damaged' });
  });

  it('do not stop the collector', async () => {
    const { stream, uid } = await twoTags('app');
    await store.images.save([documentOf(`sha256:${'d'.repeat(64)}`)]);
    committed(await recordLooks(store, key('app'), [found('d', 1, { tag: 'good' })]));
    await store.redis.lpush(`{tagtrail}:history:${uid}:good`, 'nonsense');
    await store.redis.rpush('{tagtrail}:deleted', 'nonsense', '');
    const current = (await store.streams.read(key('app'))) ?? stream;
    await store.streams.commit(deleteImageStream(current, new Map()));
    expect(await store.images.collect(10)).toBe(1);
    expect(await store.redis.exists('{tagtrail}:deleted')).toBe(0);
    expect(await store.redis.keys(`*${uid}*`)).toEqual([`{tagtrail}:gone:${uid}`]);
  });

  it('do not stop a commit that needs the document of an image, nor count as one', async () => {
    await twoTags('app');
    const image = `sha256:${'e'.repeat(64)}`;
    await store.redis.set(`{tagtrail}:image:${image}`, 'nonsense');
    await expect(store.images.read(image)).rejects.toMatchObject({ code: 'damaged' });
    const result = await recordLooks(store, key('app'), [found('e', 1, { tag: 'good' })]);
    expect(result.kind).toBe('committed');
  });
});
