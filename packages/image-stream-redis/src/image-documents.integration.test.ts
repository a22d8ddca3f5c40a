import { deleteImageStream } from '@tagtrail/image-stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DOCUMENT_GRACE } from './limits.ts';
import { creation, digest, openStoreForTest } from './testing/open-store-for-test.ts';
import { committed, documentOf, found, recordLooks } from './testing/record-for-test.ts';

let store: Awaited<ReturnType<typeof openStoreForTest>>;
beforeAll(async () => {
  store = await openStoreForTest();
});
afterAll(async () => store[Symbol.asyncDispose]());
beforeEach(async () => void (await store.redis.flushall()));

const key = (name: string) => ({ namespace: 'demo', name });
const image = (digit: string) => `{tagtrail}:image:${digest(digit)}`;
/** ms left to a document; -1 for good, -2 gone. */
const left = (digit: string) => store.redis.pttl(image(digit));

async function remove(name: string): Promise<void> {
  const stream = await store.streams.read(key(name));
  if (stream === undefined) throw new Error(`no stream ${name}`);
  const checks = await store.checks.readChecks(stream.metadata.uid ?? '');
  await store.streams.commit(deleteImageStream(stream, checks));
}

describe('an image document', () => {
  it('waits a grace for its commit, the whole of it again each time it is saved', async () => {
    await store.images.save([documentOf(digest('1'))]);
    expect(await left('1')).toBeGreaterThan(DOCUMENT_GRACE - 60_000);
    await store.redis.pexpire(image('1'), 5_000);
    await store.images.save([documentOf(digest('1'))]);
    expect(await left('1')).toBeGreaterThan(DOCUMENT_GRACE - 60_000);
  });

  it('belongs to the stream whose tag was at it, and to no other', async () => {
    await store.streams.commit(creation('app'));
    await store.images.save([documentOf(digest('1'))]);
    const uid = (await store.streams.read(key('app')))?.metadata.uid ?? '';
    expect(await store.images.belongsTo(uid, digest('1'))).toBe(false);
    committed(await recordLooks(store, key('app'), [found('1', 1)]));
    expect(await store.images.belongsTo(uid, digest('1'))).toBe(true);
    expect(await store.images.belongsTo(uid, digest('2'))).toBe(false);
    expect(await store.images.belongsTo('another', digest('1'))).toBe(false);
  });

  it('stays for good once a commit needs it, however often it is saved again', async () => {
    await store.streams.commit(creation('app'));
    await store.images.save([documentOf(digest('1'))]);
    committed(await recordLooks(store, key('app'), [found('1', 1)]));
    await store.images.save([documentOf(digest('1'))]);
    expect(await left('1')).toBe(-1);
  });

  it('is missed by name with all others that are missing, and nothing is written', async () => {
    const tags = { a: 'quay.io/a', b: 'quay.io/b', c: 'quay.io/c' };
    const stream = committed(await store.streams.commit(creation('app', tags)));
    await store.images.save([documentOf(digest('2'))]);
    const looks = ['1', '2', '3'].map((digit, at) =>
      found(digit, at + 1, { tag: 'abc'[at] ?? '' }),
    );
    expect(await recordLooks(store, key('app'), looks)).toEqual({
      kind: 'missing-image',
      digests: [digest('1'), digest('3')],
    });
    expect(await store.streams.read(key('app'))).toEqual(stream);
    expect(await left('2')).toBeGreaterThan(0);
  });

  it('is as large as manifest and config may be, every character escaped', async () => {
    const long = '"'.repeat(4 * 1024 * 1024);
    const large = { ...documentOf(digest('1')), manifest: long, config: long };
    await store.images.save([large]);
    expect(await store.images.read(digest('1'))).toEqual(large);
  });
});

describe('the document of an index', () => {
  const index = documentOf(digest('f'), [digest('1'), digest('2')]);
  const whole = [documentOf(digest('1')), documentOf(digest('2')), index];

  it('keeps the images it is made of as long as itself', async () => {
    await store.streams.commit(creation('app'));
    await store.images.save(whole);
    committed(await recordLooks(store, key('app'), [found('f', 1)]));
    expect(await Promise.all(['f', '1', '2'].map(left))).toEqual([-1, -1, -1]);
    await remove('app');
    expect(await store.images.collect(10)).toBe(3);
    expect(Math.min(...(await Promise.all(['f', '1', '2'].map(left))))).toBeGreaterThan(0);
  });

  it('is of no use without one of them', async () => {
    await store.streams.commit(creation('app'));
    await store.images.save(whole);
    await store.redis.del(image('2'));
    expect(await recordLooks(store, key('app'), [found('f', 1)])).toEqual({
      kind: 'missing-image',
      digests: [digest('f')],
    });
  });

  it('leaves a part alone that another tag uses by itself', async () => {
    await store.streams.commit(creation('app'));
    await store.streams.commit(creation('single'));
    await store.images.save(whole);
    committed(await recordLooks(store, key('app'), [found('f', 1)]));
    committed(await recordLooks(store, key('single'), [found('1', 2)]));
    await remove('app');
    expect(await store.images.collect(10)).toBe(2);
    expect(await left('1')).toBe(-1);
  });
});

describe('the collector', () => {
  it('frees a document when the last of its histories is gone', async () => {
    for (const [at, name] of ['one', 'two'].entries()) {
      await store.streams.commit(creation(name));
      await store.images.save([documentOf(digest('1'))]);
      committed(await recordLooks(store, key(name), [found('1', at + 1)]));
    }
    await remove('one');
    expect(await store.images.collect(10)).toBe(0);
    expect(await left('1')).toBe(-1);
    await remove('two');
    expect(await store.images.collect(10)).toBe(1);
    expect(await store.redis.keys('*image-users*')).toEqual([]);
  });

  it('frees the history of a tag that left its stream before', async () => {
    const stream = committed(await store.streams.commit(creation('app')));
    await store.images.save([documentOf(digest('1'))]);
    const recorded = committed(await recordLooks(store, key('app'), [found('1', 1)]));
    const { tags: _, ...status } = recorded.status;
    const checks = await store.checks.readChecks(stream.metadata.uid ?? '');
    const removed = {
      key: key('app'),
      before: recorded,
      after: { ...recorded, spec: {}, status },
      checks: [...checks].map(([tag]) => ({ tag, state: null, previousHost: 'quay.io' })),
      history: [],
      receipts: [],
    };
    committed(await store.streams.commit(removed));
    await remove('app');
    expect(await store.images.collect(10)).toBe(1);
    const { uid } = stream.metadata;
    expect(await store.redis.keys(`*${uid}*`)).toEqual([`{tagtrail}:gone:${uid}`]);
  });

  it('can begin again where it was killed, beside another, and has a limit', async () => {
    for (const name of ['a', 'b', 'c']) {
      await store.streams.commit(creation(name));
      await store.images.save([documentOf(digest('1'))]);
      committed(await recordLooks(store, key(name), [found('1', 1)]));
      await remove(name);
    }
    const [note = ''] = await store.redis.lrange('{tagtrail}:deleted', 0, 0);
    await store.images.collect(1);
    expect(await store.redis.llen('{tagtrail}:deleted')).toBe(2);
    await store.redis.lpush('{tagtrail}:deleted', note);
    const freed = await Promise.all([store.images.collect(10), store.images.collect(10)]);
    expect(freed[0] + freed[1]).toBe(1);
    expect(await store.redis.keys('*history*')).toEqual([]);
  });

  it('does not take what a stream of the same name uses by now', async () => {
    await store.streams.commit(creation('app'));
    await store.images.save([documentOf(digest('1'))]);
    committed(await recordLooks(store, key('app'), [found('1', 1)]));
    await remove('app');
    await store.streams.commit(creation('app'));
    committed(await recordLooks(store, key('app'), [found('1', 2)]));
    expect(await store.images.collect(10)).toBe(0);
    expect(await left('1')).toBe(-1);
    const stream = await store.streams.read(key('app'));
    const tag = { ...key('app'), uid: stream?.metadata.uid ?? '', tag: 'latest' };
    expect(await store.streams.history(tag, { offset: 0, limit: 10 })).toHaveLength(1);
  });
});
