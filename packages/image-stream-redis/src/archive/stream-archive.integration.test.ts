import { deleteImageStream, type ImageStream } from '@tagtrail/image-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contents, openArchiveStores, WEB } from '../testing/archive-stores.ts';
import { copyStream, MARKS, snapshots } from '../testing/copy-archive.ts';
import { creation, digest } from '../testing/open-store-for-test.ts';
import { committed, documentOf, found, recordLooks } from '../testing/record-for-test.ts';

let stores: Awaited<ReturnType<typeof openArchiveStores>>;
beforeEach(async () => {
  stores = await openArchiveStores();
});
afterEach(async () => stores[Symbol.asyncDispose]());

describe('a store that is copied stream by stream', () => {
  it('is the same: records and versions, histories, checks, schedule, counts, documents and their users', async () => {
    await stores.copyAll();
    expect(await contents(stores.target)).toEqual(await contents(stores.source));
    expect(await stores.target.redis.keys('*staged*')).toEqual([]);
    expect(await stores.target.checks.outcomes()).toEqual({ imported: 2, never: 3, Timeout: 1 });
  });

  it('issues no version and no run again that the archive may hold', async () => {
    await stores.copyAll();
    expect(Number(await stores.target.redis.get('{tagtrail}:fence'))).toBeGreaterThan(MARKS.fence);
    const next = committed(await stores.target.streams.commit(creation('next')));
    expect(Number(next.metadata.resourceVersion)).toBeGreaterThan(MARKS.resourceVersion);
  });

  it('records what is found after it, and nothing from before it', async () => {
    await stores.copyAll();
    const late = await recordLooks(stores.target, WEB, [found('1', 6)]);
    expect(late).toMatchObject({ kind: 'committed' });
    expect((await stores.target.streams.read(WEB))?.status.tags).toEqual(
      (await stores.web()).stream.status.tags,
    );
    const fence = Number(await stores.target.redis.incr('{tagtrail}:fence'));
    const moved = committed(
      await recordLooks(stores.target, WEB, [
        found('4', fence, { from: 'quay.io/acme/app:latest' }),
      ]),
    );
    expect(moved.status.tags?.find(({ tag }) => tag === 'latest')?.items?.[0]?.image).toBe(
      digest('4'),
    );
    const key = { ...WEB, uid: moved.metadata.uid ?? '', tag: 'latest' };
    expect(await stores.target.streams.history(key, { offset: 0, limit: 9 })).toHaveLength(4);
  });
});

describe('a watcher', () => {
  it('is told of a gap first, and then of every stream that comes back, at the version it has', async () => {
    committed(await stores.target.streams.commit(creation('gone')));
    const [gone] = (await stores.target.streams.list({})).items as [ImageStream];
    const checks = await stores.target.checks.readChecks(gone.metadata.uid ?? '');
    await stores.target.streams.commit(deleteImageStream(gone, checks));
    await stores.copyDocuments();
    await stores.target.archive.begin(MARKS);
    const signal = new AbortController().signal;
    const cut = stores.target.streams.watch('2', signal)[Symbol.asyncIterator]();
    await expect(cut.next()).rejects.toMatchObject({ code: 'expired' });
    const { resourceVersion } = await stores.target.streams.list({});
    for (const snapshot of await snapshots(stores.source))
      await copyStream(stores.source, stores.target, snapshot);
    const watch = stores.target.streams.watch(resourceVersion, signal)[Symbol.asyncIterator]();
    const events = (await watch.next()).value ?? [];
    await watch.return?.();
    const { items } = await stores.target.streams.list({});
    expect(events.map((event: { after?: ImageStream }) => event.after)).toEqual(items);
  });
});

describe('a snapshot', () => {
  it('is read as it was, whatever is recorded meanwhile', async () => {
    const before = await stores.web();
    const expected = await stores.source.streams.history(
      { ...WEB, uid: 'uid-1', tag: 'latest' },
      { offset: 0, limit: 9 },
    );
    await stores.source.images.save([documentOf(digest('4'))]);
    committed(
      await recordLooks(stores.source, WEB, [found('4', 20, { from: 'quay.io/acme/app:latest' })]),
    );
    const page = (offset: number) =>
      stores.source.archive.events(before, { tag: 'latest', offset, limit: 2 });
    expect([...((await page(0)) ?? []), ...((await page(2)) ?? [])]).toEqual(expected);
  });

  it('says when the stream is gone', async () => {
    const { stream, checks } = await stores.web();
    const snapshot = await stores.web();
    await stores.source.streams.commit(deleteImageStream(stream, checks));
    await stores.source.images.collect(10);
    expect(await stores.source.archive.snapshot(WEB)).toBeUndefined();
    expect(
      await stores.source.archive.events(snapshot, { tag: 'latest', offset: 1, limit: 2 }),
    ).toBeUndefined();
  });

  it('tells a record that cannot be read', async () => {
    await stores.source.redis.hset('{tagtrail}:is:demo/web', 'meta', '{');
    await expect(stores.web()).rejects.toMatchObject({ code: 'damaged' });
    await stores.source.redis.hdel('{tagtrail}:is:demo/web', 'uid');
    await expect(stores.web()).rejects.toMatchObject({ code: 'damaged' });
  });
});

describe('the names of streams', () => {
  it('come in pages, of one namespace or of all', async () => {
    const { names } = stores.source.archive;
    expect(await names({ limit: 2 })).toEqual([{ namespace: 'demo', name: 'follow' }, WEB]);
    expect(await names({ limit: 2, after: WEB })).toEqual([
      { namespace: 'ops', name: 'suspended' },
    ]);
    expect(await names({ limit: 9, namespace: 'demo', after: WEB })).toEqual([]);
  });
});
