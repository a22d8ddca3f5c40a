import {
  deleteImageStream,
  type ImageStream,
  recordImport,
  type StreamChange,
} from '@tagtrail/image-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  checksOf,
  creation,
  digest,
  openStoreForTest,
  SETTINGS,
  T0,
} from './testing/open-store-for-test.ts';

let store: Awaited<ReturnType<typeof openStoreForTest>>;
beforeAll(async () => {
  store = await openStoreForTest();
});
afterAll(async () => store[Symbol.asyncDispose]());

const document = (image: string) => ({
  digest: image,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  dockerImageReference: `quay.io/acme/app@${image}`,
  manifest: '{}',
  config: '{"architecture":"amd64"}',
});

async function create(
  change: StreamChange & { readonly after: ImageStream },
): Promise<ImageStream> {
  const result = await store.streams.commit(change);
  if (result.kind !== 'committed' || result.stream === undefined) throw new Error(result.kind);
  return result.stream;
}

function imported(before: ImageStream, change: StreamChange, image: string): StreamChange {
  const outcome = {
    kind: 'imported' as const,
    upstreamDigest: image,
    image,
    dockerImageReference: `quay.io/acme/app@${image}`,
  };
  const look = { tag: 'latest', generation: 1, fence: 1, from: 'quay.io/acme/app', outcome };
  const context = { checks: checksOf(change), now: T0, settings: SETTINGS, historyLimit: 50 };
  const recorded = recordImport(before, [look], context);
  return {
    ...change,
    before,
    after: recorded.stream,
    checks: recorded.checks,
    history: recorded.history,
    expectedChecks: context.checks,
  };
}

describe('a stream', () => {
  it('is read as it was committed, with the version that the store gave it', async () => {
    const stream = await create(creation('app'));
    expect(await store.streams.read({ namespace: 'demo', name: 'app' })).toEqual(stream);
    expect(stream.metadata.resourceVersion).toBe(await store.redis.get('{tagtrail}:rv'));
  });

  it('is not created twice, nor written over a version that moved on', async () => {
    const change = creation('twice');
    const stream = await create(change);
    expect(await store.streams.commit(creation('twice'))).toEqual({ kind: 'conflict' });
    const edit = { ...change, before: stream, checks: [], expectedChecks: new Map() };
    expect((await store.streams.commit(edit)).kind).toBe('committed');
    expect((await store.streams.commit(edit)).kind).toBe('conflict');
  });

  it('conflicts when a check state is not what the caller read', async () => {
    const change = creation('raced');
    const stream = await create(change);
    const result = await store.streams.commit({
      ...imported(stream, change, digest('1')),
      expectedChecks: new Map([['latest', undefined]]),
    });
    expect(result).toEqual({ kind: 'conflict' });
  });

  it('is not written while the document of a new image is missing', async () => {
    const change = creation('undocumented');
    const stream = await create(change);
    const write = imported(stream, change, digest('a'));
    expect(await store.streams.commit(write)).toEqual({
      kind: 'missing-image',
      digests: [digest('a')],
    });
    expect(await store.streams.read(stream.metadata as never)).toEqual(stream);
    await store.images.save([document(digest('a'))]);
    expect((await store.streams.commit(write)).kind).toBe('committed');
    expect(await store.redis.pttl(`{tagtrail}:image:${digest('a')}`)).toBe(-1);
    expect(await store.images.read(digest('a'))).toEqual(document(digest('a')));
  });

  it('keeps a history outside the object, newest first', async () => {
    const change = creation('history');
    const stream = await create(change);
    await store.images.save([document(digest('b'))]);
    await store.streams.commit(imported(stream, change, digest('b')));
    const key = {
      namespace: 'demo',
      name: 'history',
      uid: stream.metadata.uid ?? '',
      tag: 'latest',
    };
    const events = await store.streams.history(key, { offset: 0, limit: 10 });
    expect(events.map((event) => event.image)).toEqual([digest('b')]);
  });

  it('leaves nothing behind when it is deleted, once the collector came by', async () => {
    const change = creation('deleted');
    const stream = await create(change);
    await store.images.save([document(digest('c'))]);
    const result = await store.streams.commit(imported(stream, change, digest('c')));
    const current = result.kind === 'committed' ? result.stream : undefined;
    if (current === undefined) throw new Error('not imported');
    const uid = stream.metadata.uid ?? '';
    const checks = await store.checks.readChecks(uid);
    expect((await store.streams.commit(deleteImageStream(current, checks))).kind).toBe('committed');
    expect(await store.streams.read(stream.metadata as never)).toBeUndefined();
    expect(await store.images.collect(100)).toBe(1);
    // The mark that it is gone expires.
    expect(await store.redis.keys(`*${uid}*`)).toEqual([`{tagtrail}:gone:${uid}`]);
    expect(await store.redis.zscore('{tagtrail}:due:quay.io', 'demo/deleted:latest')).toBeNull();
    expect(await store.redis.pttl(`{tagtrail}:image:${digest('c')}`)).toBeGreaterThan(0);
  });

  it('acknowledges in the same write, also when the stream is gone', async () => {
    await store.redis.xgroup('CREATE', '{tagtrail}:results', 'writers', '$', 'MKSTREAM');
    const entry = (await store.redis.xadd('{tagtrail}:results', '*', 'a', '1')) ?? '';
    await store.redis.xreadgroup(
      'GROUP',
      'writers',
      'me',
      'COUNT',
      1,
      'STREAMS',
      '{tagtrail}:results',
      '>',
    );
    const receipt = { log: '{tagtrail}:results', group: 'writers', entry };
    const key = { namespace: 'demo', name: 'never-was' };
    const change = {
      key,
      before: undefined,
      after: undefined,
      checks: [],
      history: [],
      receipts: [receipt],
    };
    expect((await store.streams.commit(change)).kind).toBe('committed');
    expect(await store.redis.xpending('{tagtrail}:results', 'writers')).toEqual([
      0,
      null,
      null,
      null,
    ]);
  });
});

describe('a list', () => {
  it('pages in order of names, within a namespace or across all', async () => {
    for (const name of ['c', 'a', 'b']) await create(creation(name, undefined, 'paged'));
    await create(creation('x', undefined, 'paged-too'));
    const first = await store.streams.list({ namespace: 'paged', limit: 2 });
    expect(first.items.map((item) => item.metadata.name)).toEqual(['a', 'b']);
    expect(first.remainingItemCount).toBe(1);
    const rest = await store.streams.list({
      namespace: 'paged',
      limit: 2,
      continue: first.continue ?? '',
    });
    expect(rest.items.map((item) => item.metadata.name)).toEqual(['c']);
    expect(rest.continue).toBeUndefined();
    expect(rest.resourceVersion).toBe(first.resourceVersion);
    const all = await store.streams.list({});
    expect(all.items.filter((item) => item.metadata.namespace?.startsWith('paged'))).toHaveLength(
      4,
    );
  });

  it('never leaves its namespace, whatever a made-up token says', async () => {
    await create(creation('outside', undefined, 'a-namespace'));
    await create(creation('inside', undefined, 'made-up'));
    for (const after of ['a-namespace/a', 'zzz/z']) {
      const token = Buffer.from(JSON.stringify({ v: 1, rv: '1', after })).toString('base64url');
      const page = await store.streams.list({ namespace: 'made-up', continue: token });
      expect(page.items.map((item) => item.metadata.name)).toEqual(['inside']);
      expect(page.remainingItemCount).toBeUndefined();
    }
  });

  it('refuses a continue token that it did not issue', async () => {
    await expect(store.streams.list({ continue: 'nonsense' })).rejects.toMatchObject({
      code: 'invalid-continue',
    });
  });
});

describe('a version of many digits', () => {
  it('is issued as it is counted, and found in the change log', async () => {
    await using own = await openStoreForTest();
    await own.redis.set('{tagtrail}:rv', '100000000000000');
    const result = await own.streams.commit(creation('counted'));
    expect(result).toMatchObject({ kind: 'committed', resourceVersion: '100000000000001' });
    const [entry] = await own.redis.xrevrange('{tagtrail}:log', '+', '-', 'COUNT', 1);
    expect(entry?.[0]).toBe('100000000000001-0');
  });
});

describe('a definition that cannot be written as text', () => {
  it('is no outage of the store', async () => {
    const change = creation('deep');
    const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    const after = { ...change.after, spec: { ...change.after.spec, deep } };
    await expect(store.streams.commit({ ...change, after })).rejects.toThrow(RangeError);
  });
});
