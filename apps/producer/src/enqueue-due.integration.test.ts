import { deleteImageStream, type ImageStreamStore } from '@tagtrail/image-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  digest,
  T0,
} from '../../../packages/image-stream-redis/src/testing/open-store-for-test.ts';
import {
  documentOf,
  found,
  recordLooks,
} from '../../../packages/image-stream-redis/src/testing/record-for-test.ts';
import { enqueueDue } from './enqueue-due.ts';
import { LIMITS, openProducerForTest, WAITING } from './testing/open-producer-for-test.ts';

let producer: Awaited<ReturnType<typeof openProducerForTest>>;
beforeEach(async () => {
  producer = await openProducerForTest();
});
afterEach(async () => producer[Symbol.asyncDispose]());

const key = (name: string) => ({ namespace: 'demo', name });
const round = (limits: Partial<typeof LIMITS> = {}, parts = {}) =>
  enqueueDue({ ...producer.dependencies, ...parts }, { ...LIMITS, ...limits });
const tagsOf = async () =>
  (await producer.jobs()).map(({ key: { name, tag } }) => `${name}:${tag}`);

/** Streams that something happens to right after a record was read. */
function afterRead(happens: () => Promise<unknown>): Pick<ImageStreamStore, 'read' | 'commit'> {
  const { streams } = producer.dependencies;
  return {
    commit: (change) => streams.commit(change),
    async read(of) {
      const stream = await streams.read(of);
      await happens();
      return stream;
    },
  };
}

async function remove(name: string): Promise<void> {
  const { streams, checks } = producer.dependencies;
  const stream = await streams.read(key(name));
  if (stream === undefined) throw new Error(`no stream ${name}`);
  const known = await checks.readChecks(stream.metadata.uid ?? '');
  await streams.commit(deleteImageStream(stream, known));
}

describe('a round', () => {
  it('enqueues one job per due tag, and two producers share them', async () => {
    await producer.create('app', { a: 'quay.io/acme/a', b: 'ghcr.io/acme/b' });
    const rounds = await Promise.all([round(), round()]);
    expect(rounds.map(({ enqueued }) => enqueued).reduce((a, b) => a + b)).toBe(2);
    expect((await tagsOf()).sort()).toEqual(['app:a', 'app:b']);
    const wanted = { reason: 'never-imported', dueAt: T0, generation: 1 };
    expect(await producer.jobs()).toMatchObject([wanted, wanted]);
    expect(await round()).toEqual({ enqueued: 0, left: 'nothing' });
  });

  it('says that more is due when a cap left something', async () => {
    await producer.create('app', { a: 'quay.io/a', b: 'quay.io/b', c: 'quay.io/c' });
    expect(await round({ perHost: 2 })).toEqual({ enqueued: 2, left: 'capped' });
    expect(await round({ perHost: 2 })).toEqual({ enqueued: 0, left: 'capped' });
    expect(await round({ batch: 1 })).toEqual({ enqueued: 1, left: 'nothing' });
  });

  it('enqueues a tag again whose lease ran out because its waiting job was deleted', async () => {
    await producer.create('app');
    await round();
    await producer.redis.del(WAITING);
    expect(await round({ now: T0 + 19_999 })).toMatchObject({ enqueued: 0 });
    expect(await round({ now: T0 + 20_000 })).toMatchObject({ enqueued: 1 });
    expect(await tagsOf()).toEqual(['app:latest']);
  });

  it('adds no second job when a lease ran out while the first still waits', async () => {
    await producer.create('app');
    await round();
    await round({ now: T0 + 20_000 });
    expect(await tagsOf()).toEqual(['app:latest']);
  });

  it('tells a job since when its tag was due', async () => {
    await producer.create('app');
    await round({ now: T0 + 60_000 });
    expect(await producer.jobs()).toMatchObject([{ dueAt: T0, createdAt: T0 + 60_000 }]);
  });
});

describe('an entry that its record does not back', () => {
  const stray = (member: string, host = 'quay.io') =>
    Promise.all([
      producer.redis.zadd(`{tagtrail}:due:${host}`, T0, member),
      producer.redis.zadd('{tagtrail}:hosts', T0, host),
    ]);

  it.each([
    ['a stream that is gone', 'demo/gone:latest', 'quay.io'],
    ['a tag that is gone', 'demo/app:gone', 'quay.io'],
    ['a tag that moved to another host', 'demo/app:latest', 'elsewhere.example'],
  ])('is forgotten: %s', async (_, member, host) => {
    await producer.create('app');
    await round();
    await stray(member, host);
    expect(await round()).toEqual({ enqueued: 0, left: 'nothing' });
    expect(await producer.placed(member, host)).toBeUndefined();
    expect(await producer.redis.zscore(`{tagtrail}:leases:${host}`, member)).toBeNull();
  });

  it('is forgotten when the tag is suspended, whatever its check state says', async () => {
    await producer.create('app');
    const { checks, streams } = producer.dependencies;
    const uid = (await streams.read(key('app')))?.metadata.uid ?? '';
    const state = (await checks.readChecks(uid)).get('latest');
    if (state === undefined) throw new Error('no check');
    const receipt = { log: '{tagtrail}:results', group: 'g', entry: '1-0' };
    const suspended = { ...state, suspended: true };
    const touch = { key: { ...key('app'), uid, tag: 'latest' }, before: state, receipt };
    await checks.touch([{ ...touch, after: suspended }]);
    expect(await round()).toEqual({ enqueued: 0, left: 'nothing' });
    expect(await producer.placed('demo/app:latest')).toBeUndefined();
  });

  it('is put where the record says when it comes too early', async () => {
    await producer.create('app');
    await producer.images.save([documentOf(digest('1'))]);
    await recordLooks({ ...producer.dependencies, images: producer.images }, key('app'), [
      found('1', 1),
    ]);
    const due = await producer.placed('demo/app:latest');
    expect(due).toBeGreaterThan(T0);
    await stray('demo/app:latest');
    expect(await round()).toEqual({ enqueued: 0, left: 'nothing' });
    expect(await producer.placed('demo/app:latest')).toBe(due);
  });
});

describe('a tag that changes while the round looks at it', () => {
  it('is never asked for its old source under the new definition', async () => {
    await producer.create('app', { latest: 'quay.io/acme/old' });
    const streams = afterRead(() => producer.edit(key('app'), 'quay.io/acme/new'));
    await round({}, { streams });
    expect(await producer.jobs()).toEqual([]);
    await round();
    expect(await producer.jobs()).toMatchObject([{ from: 'quay.io/acme/new' }]);
  });

  it('is asked for all the same when only its generation is odd', async () => {
    await producer.create('app');
    const { checks, streams } = producer.dependencies;
    const uid = (await streams.read(key('app')))?.metadata.uid ?? '';
    const before = (await checks.readChecks(uid)).get('latest');
    if (before === undefined) throw new Error('no check');
    const receipt = { log: '{tagtrail}:results', group: 'g', entry: '1-0' };
    const after = { ...before, generation: 1_000 };
    await checks.touch([{ key: { ...key('app'), uid, tag: 'latest' }, before, after, receipt }]);
    await round();
    expect(await producer.jobs()).toMatchObject([{ generation: 1_000 }]);
  });

  it('stays in the schedule when its stream is made anew under the old name', async () => {
    await producer.create('app');
    const gone = {
      ...producer.dependencies.streams,
      read: async () => {
        await remove('app');
        const nothing = await producer.dependencies.streams.read(key('app'));
        await producer.create('app');
        return nothing;
      },
    };
    await round({}, { streams: gone });
    expect(await producer.placed('demo/app:latest')).toBe(T0);
    expect(await round()).toMatchObject({ enqueued: 1 });
  });
});

describe('a check state that is lost', () => {
  const uidOf = async () =>
    (await producer.dependencies.streams.read(key('app')))?.metadata.uid ?? '';

  it.each([
    ['deleted', async (checks: string) => producer.redis.del(checks)],
    ['unreadable', async (checks: string) => producer.redis.hset(checks, 'latest', 'nonsense')],
  ])(
    'is made anew when it was %s: the tag is looked at, older looks are not counted',
    async (_, lose) => {
      await producer.create('app');
      await producer.redis.set('{tagtrail}:fence', 40);
      await lose(`{tagtrail}:checks:${await uidOf()}`);
      expect(await round()).toEqual({ enqueued: 0, left: 'nothing' });
      const restored = (await producer.dependencies.checks.readChecks(await uidOf())).get('latest');
      expect(restored).toMatchObject({ fence: 41, nextDue: T0, outcome: 'never' });
      expect(await round()).toMatchObject({ enqueued: 1 });
      expect(await tagsOf()).toEqual(['app:latest']);
      expect(producer.lines).toMatchObject([
        { level: 'warn', stream: 'demo/app', tags: ['latest'] },
      ]);
    },
  );

  it('is left to whoever mends it at the same time', async () => {
    await producer.create('app');
    await producer.redis.del(`{tagtrail}:checks:${await uidOf()}`);
    const streams = afterRead(() => producer.edit(key('app'), 'quay.io/acme/new'));
    await round({}, { streams });
    expect(producer.lines).toEqual([]);
    await round();
    expect(await producer.jobs()).toMatchObject([{ from: 'quay.io/acme/new' }]);
  });
});

describe('a stream that is no good', () => {
  it.each([
    ['unreadable', (record: string) => producer.redis.hset(record, 'meta', 'nonsense')],
    ['replaced by something else', (record: string) => producer.redis.set(record, 'x')],
  ])('keeps nobody from the others, and is tried again a minute later: %s', async (_, damage) => {
    await producer.create('bad', { a: 'quay.io/bad', b: 'quay.io/bad' });
    await producer.create('good');
    await damage('{tagtrail}:is:demo/bad');
    expect(await round()).toMatchObject({ enqueued: 1 });
    expect(await tagsOf()).toEqual(['good:latest']);
    expect(await producer.placed('demo/bad:a')).toBe(T0 + 60_000);
    expect((await producer.dependencies.schedule.stats(T0 + 1)).leased).toBe(1);
    expect(producer.lines).toMatchObject([{ level: 'error', stream: 'demo/bad' }]);
    expect(await round({ now: T0 + 10_000 })).toEqual({ enqueued: 0, left: 'nothing' });
  });
});

describe('trouble with the infrastructure', () => {
  it('makes what could not be enqueued due again at once', async () => {
    await producer.create('app', { a: 'quay.io/a', b: 'ghcr.io/b' });
    const enqueue = () => Promise.reject(new Error('the queue is away'));
    await expect(round({}, { queue: { enqueue } })).rejects.toThrow('away');
    expect(await producer.placed('demo/app:a')).toBe(T0);
    expect((await producer.dependencies.schedule.stats(T0)).leased).toBe(0);
    expect(await round()).toMatchObject({ enqueued: 2 });
  });

  it('is not taken for trouble with a stream', async () => {
    await producer.create('app');
    const away = Object.assign(new Error('away'), { retryable: true });
    const streams = { ...producer.dependencies.streams, read: () => Promise.reject(away) };
    await expect(round({}, { streams })).rejects.toBe(away);
    expect(await producer.placed('demo/app:latest')).toBe(T0);
  });
});
