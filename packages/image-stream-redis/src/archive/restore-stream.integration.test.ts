import { deleteImageStream } from '@tagtrail/image-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DOCUMENT_GRACE } from '../limits.ts';
import { contents, openArchiveStores, WEB } from '../testing/archive-stores.ts';
import { copyStream, MARKS, snapshots, stageAll } from '../testing/copy-archive.ts';
import { creation, digest, T0 } from '../testing/open-store-for-test.ts';
import { committed, documentOf, found, recordLooks } from '../testing/record-for-test.ts';

let stores: Awaited<ReturnType<typeof openArchiveStores>>;
beforeEach(async () => {
  stores = await openArchiveStores();
});
afterEach(async () => stores[Symbol.asyncDispose]());

describe('a stream that is put back', () => {
  it('leaves one in its place alone, unless it may replace it', async () => {
    const made = committed(
      await stores.target.streams.commit(creation('web', { other: 'ghcr.io/acme/other' })),
    );
    await stores.copyDocuments();
    expect(await stores.target.archive.begin(MARKS)).toBe(false);
    expect(await copyStream(stores.source, stores.target, await stores.web())).toBe('exists');
    expect(await stores.target.streams.read(WEB)).toEqual(made);
    expect(
      await copyStream(stores.source, stores.target, await stores.web(), { existing: 'replace' }),
    ).toBe('restored');
    const now = await stores.target.streams.read(WEB);
    const { resourceVersion: _, ...metadata } = (await stores.web()).stream.metadata;
    expect(now).toMatchObject({ ...(await stores.web()).stream, metadata });
    // Not the archive's version: somebody may know another content under that number here.
    expect(Number(now?.metadata.resourceVersion)).toBeGreaterThan(MARKS.resourceVersion);
    expect(await stores.target.redis.exists('{tagtrail}:due:ghcr.io')).toBe(0);
    expect(await stores.target.checks.outcomes()).toEqual({ imported: 1, never: 1, Timeout: 1 });
    expect(await stores.target.redis.lrange('{tagtrail}:deleted', 0, -1)).toEqual([
      made.metadata.uid,
    ]);
  });

  it('replaces itself', async () => {
    await stores.copyAll();
    const before = await contents(stores.target);
    await stores.target.images.save([documentOf(digest('4'))]);
    committed(
      await recordLooks(stores.target, WEB, [found('4', 60, { from: 'quay.io/acme/app:latest' })]),
    );
    expect(
      await copyStream(stores.source, stores.target, await stores.web(), { existing: 'replace' }),
    ).toBe('restored');
    expect(await contents(stores.target)).toEqual(before);
  });

  it('is refused while part of its history is missing, and writes nothing', async () => {
    await stores.copyDocuments();
    await stores.target.archive.begin(MARKS);
    const snapshot = await stores.web();
    await stageAll(stores.source, stores.target, snapshot);
    await stores.target.redis.rpop('{tagtrail}:staged:uid-1:latest');
    const histories = new Map([...snapshot.histories].map(([tag, { length }]) => [tag, length]));
    const { stream, checks } = snapshot;
    const restore = {
      archive: MARKS.archive,
      stream,
      checks,
      histories,
      now: T0,
      existing: 'keep' as const,
    };
    expect(await stores.target.archive.restore(restore)).toBe('incomplete');
    expect(await stores.target.streams.read(WEB)).toBeUndefined();
    expect(await stores.target.checks.outcomes()).toEqual({});
    expect(await copyStream(stores.source, stores.target, snapshot)).toBe('restored');
  });

  it('takes pieces of a history in order only, and forgets them after a while', async () => {
    const { histories } = await stores.web();
    const newest = histories.get('latest')?.newest;
    if (newest === undefined) throw new Error('no event');
    const key = { ...WEB, uid: 'uid-1', tag: 'latest' };
    const stage = (offset: number) =>
      stores.target.archive.stage({ key, offset, events: [newest] });
    expect([await stage(1), await stage(0), await stage(2), await stage(1)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
    expect(await stores.target.redis.llen('{tagtrail}:staged:uid-1:latest')).toBe(2);
    expect(await stage(0)).toBe(true);
    expect(await stores.target.redis.llen('{tagtrail}:staged:uid-1:latest')).toBe(1);
    expect(await stores.target.redis.pttl('{tagtrail}:staged:uid-1:latest')).toBeGreaterThan(
      3_000_000,
    );
  });

  it('gives up the documents that only the history in its place used, with their grace', async () => {
    await stores.copyAll();
    const { images, redis } = stores.target;
    await images.save([documentOf(digest('7')), documentOf(digest('8'))]);
    await images.save([documentOf(digest('6'), [digest('7'), digest('1')])]);
    const from = 'quay.io/acme/app:latest';
    for (const [at, digit] of ['6', '8'].entries())
      committed(await recordLooks(stores.target, WEB, [found(digit, 60 + at, { from })]));
    await redis.hset(`{tagtrail}:image-users:${digest('8')}`, 'another:latest', '');
    const existing = 'replace' as const;
    const answer = copyStream(stores.source, stores.target, await stores.web(), { existing });
    expect(await answer).toBe('restored');
    const users = (digit: string) => redis.hkeys(`{tagtrail}:image-users:${digest(digit)}`);
    const life = (digit: string) => redis.pttl(`{tagtrail}:image:${digest(digit)}`);
    expect([await users('6'), await users('7')]).toEqual([[], []]);
    expect(Math.min(await life('6'), await life('7'))).toBeGreaterThan(DOCUMENT_GRACE - 60_000);
    expect([await users('8'), await life('8')]).toEqual([['another:latest'], -1]);
    expect([await users('1'), await life('1')]).toEqual([['uid-1:latest'], -1]);
  });

  it('leaves everything as it was when the change log refuses', async () => {
    await stores.copyAll();
    const { redis } = stores.target;
    const snapshot = await stores.web();
    await stageAll(stores.source, stores.target, snapshot);
    const before = await contents(stores.target);
    // A log that is ahead of the counter takes nothing that the counter gives.
    await redis.xadd('{tagtrail}:log', '9000000000000000-0', 'k', 'x');
    for (const uid of ['uid-1', 'other']) {
      const stream = { ...snapshot.stream, metadata: { ...snapshot.stream.metadata, uid } };
      const existing = 'replace' as const;
      const answer = copyStream(stores.source, stores.target, snapshot, {
        stream,
        existing,
        ...(uid === 'other' && { histories: new Map() }),
      });
      await expect(answer).rejects.toThrow('the record store refused');
      expect(await contents(stores.target)).toEqual(before);
    }
  });

  it('leaves no staged history behind when it does not come back', async () => {
    await stores.copyAll();
    const snapshot = await stores.web();
    expect(await copyStream(stores.source, stores.target, snapshot)).toBe('exists');
    expect(await stores.target.redis.keys('*staged*')).toEqual([]);
    const stream = { ...snapshot.stream, metadata: { ...snapshot.stream.metadata, name: 'twin' } };
    const twin = await copyStream(stores.source, stores.target, snapshot, { stream });
    expect(twin).toBe('foreign-uid');
    expect(await stores.target.redis.keys('*staged*')).toEqual([]);
  });

  it('is refused when a stream of its uid came back before, even one that has nothing but a record', async () => {
    await stores.target.archive.begin(MARKS);
    const { stream } = await stores.web();
    const restore = (name: string, existing: 'keep' | 'replace' = 'keep') =>
      stores.target.archive.restore({
        archive: MARKS.archive,
        stream: {
          ...stream,
          metadata: { ...stream.metadata, name },
          spec: { lookupPolicy: { local: false } },
        },
        checks: new Map(),
        histories: new Map(),
        now: T0,
        existing,
      });
    expect(await restore('bare')).toBe('restored');
    expect(await restore('twin')).toBe('foreign-uid');
    expect(await restore('bare', 'replace')).toBe('restored');
    const bare = { namespace: 'demo', name: 'bare' };
    const now = await stores.target.streams.read(bare);
    if (now === undefined) throw new Error('no stream');
    await stores.target.streams.commit(deleteImageStream(now, new Map()));
    expect(await restore('twin')).toBe('restored');
    expect(await restore('bare')).toBe('foreign-uid');
  });

  it('is refused when another stream has its uid', async () => {
    await stores.copyAll();
    const snapshot = await stores.web();
    const stream = { ...snapshot.stream, metadata: { ...snapshot.stream.metadata, name: 'twin' } };
    expect(await copyStream(stores.source, stores.target, snapshot, { stream })).toBe(
      'foreign-uid',
    );
    expect(await stores.target.streams.read({ ...WEB, name: 'twin' })).toBeUndefined();
  });

  it('comes back where it was deleted, and is not freed afterwards', async () => {
    const snapshot = await stores.web();
    const before = await contents(stores.source);
    await stageAll(stores.source, stores.source, snapshot);
    await stores.source.streams.commit(deleteImageStream(snapshot.stream, snapshot.checks));
    expect(await stores.source.archive.begin(MARKS)).toBe(false);
    expect(await copyStream(stores.source, stores.source, snapshot)).toBe('restored');
    expect(await stores.source.images.collect(10)).toBeGreaterThanOrEqual(0);
    const { '{tagtrail}:is:demo/web': record, ...rest } = await contents(stores.source);
    const { '{tagtrail}:is:demo/web': recordBefore, ...restBefore } = before;
    expect(rest).toEqual(restBefore);
    expect(record).toEqual({ ...(recordBefore as object), rv: expect.any(String) });
  });

  it('has its tags looked at from scratch when their images have no document, which then stays', async () => {
    await stores.target.archive.begin(MARKS);
    for (const snapshot of await snapshots(stores.source))
      await copyStream(stores.source, stores.target, snapshot, { now: T0 + 77 });
    const checks = await stores.target.checks.readChecks('uid-1');
    expect(checks.get('latest')).toMatchObject({
      upstreamDigest: null,
      image: null,
      nextDue: T0 + 77,
    });
    expect(checks.get('broken')).toEqual((await stores.web()).checks.get('broken'));
    await stores.target.images.save([documentOf(digest('2')), documentOf(digest('1'))]);
    await stores.target.images.save([documentOf(digest('5'), [digest('1'), digest('2')])]);
    for (const one of ['1', '2', '5'])
      expect(await stores.target.redis.pttl(`{tagtrail}:image:${digest(one)}`)).toBe(-1);
    await stores.target.images.save([documentOf(digest('9'))]);
    expect(await stores.target.redis.pttl(`{tagtrail}:image:${digest('9')}`)).toBeGreaterThan(0);
    const again = committed(
      await recordLooks(stores.target, WEB, [found('5', 60, { from: 'quay.io/acme/app:latest' })]),
    );
    expect(again.status.tags).toEqual((await stores.web()).stream.status.tags);
  });

  it('has a tag without a check state looked at', async () => {
    await stores.copyDocuments();
    await stores.target.archive.begin(MARKS);
    const snapshot = await stores.web();
    const checks = new Map([...snapshot.checks].filter(([tag]) => tag !== 'new'));
    await copyStream(stores.source, stores.target, snapshot, { checks });
    expect((await stores.target.checks.readChecks('uid-1')).get('new')).toMatchObject({
      outcome: 'never',
      nextDue: T0,
    });
  });

  it('keeps its version when the same archive is taken up again', async () => {
    await stores.copyDocuments();
    const [first, ...rest] = await snapshots(stores.source);
    if (first === undefined) throw new Error('no streams');
    await stores.target.archive.begin(MARKS);
    await copyStream(stores.source, stores.target, first);
    const version = await stores.target.archive.version();
    expect(await stores.target.archive.begin(MARKS)).toBe(true);
    expect(await stores.target.archive.version()).toBe(version);
    for (const snapshot of rest) await copyStream(stores.source, stores.target, snapshot);
    expect((await stores.target.streams.list({})).items).toEqual(
      (await stores.source.streams.list({})).items,
    );
    expect(await stores.target.archive.begin({ ...MARKS, archive: 'another' })).toBe(false);
  });
});
