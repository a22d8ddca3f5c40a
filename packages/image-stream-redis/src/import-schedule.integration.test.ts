import { deleteImageStream, nextCheck, type TagKey } from '@tagtrail/image-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  checksOf,
  creation,
  digest,
  openStoreForTest,
  SETTINGS,
  T0,
} from './testing/open-store-for-test.ts';
import { committed, documentOf, found, recordLooks } from './testing/record-for-test.ts';

let store: Awaited<ReturnType<typeof openStoreForTest>>;
beforeEach(async () => {
  store = await openStoreForTest();
});
afterEach(async () => store[Symbol.asyncDispose]());

const request = { now: T0, lease: 1_000, perHost: 10, limit: 100 };
const names = (tags: readonly { name: string; tag: string }[]) =>
  tags.map((tag) => `${tag.name}:${tag.tag}`).sort();

describe('the schedule', () => {
  it('hands a due tag to one of two claimers', async () => {
    await store.streams.commit(creation('app'));
    const claims = await Promise.all([
      store.schedule.claim(request),
      store.schedule.claim(request),
    ]);
    expect(claims.map(({ tags }) => tags.length).sort()).toEqual([0, 1]);
  });

  it('brings a claimed tag back when its lease ran out, and says so', async () => {
    await store.streams.commit(creation('app'));
    const first = await store.schedule.claim(request);
    expect(first.tags[0]).toMatchObject({ leaseExpired: false, host: 'quay.io', dueAt: T0 });
    expect((await store.schedule.claim({ ...request, now: T0 + 999 })).tags).toEqual([]);
    expect(await store.schedule.nextDue()).toBe(T0 + 1_000);
    const again = await store.schedule.claim({ ...request, now: T0 + 1_000 });
    expect(again.tags[0]).toMatchObject({ leaseExpired: true });
  });

  it('caps the leases of a host and leaves the others their share', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [`t${at}`, `slow.example/r:${at}`]),
    );
    await store.streams.commit(creation('many', many));
    await store.streams.commit(creation('one', { latest: 'quick.example/r' }));
    const { tags, more } = await store.schedule.claim(request);
    expect(more).toBe(true);
    expect(tags.filter((tag) => tag.host === 'slow.example')).toHaveLength(10);
    expect(tags.filter((tag) => tag.host === 'quick.example')).toHaveLength(1);
    expect((await store.schedule.claim(request)).tags).toEqual([]);
    const stats = await store.schedule.stats(T0 + 5);
    expect(stats).toMatchObject({ scheduled: 31, due: 20, leased: 11, lag: 5 });
  });

  it('gives a tag back at a time, and forgets one for good', async () => {
    await store.streams.commit(creation('app', { a: 'quay.io/acme/a', b: 'quay.io/acme/b' }));
    const { tags } = await store.schedule.claim(request);
    expect(names(tags)).toEqual(['app:a', 'app:b']);
    const claimOf = (tag: string) => tags.filter((claim) => claim.tag === tag);
    await store.schedule.release(claimOf('a').map((claim) => ({ claim, at: T0 + 5 })));
    await store.schedule.forget(claimOf('b'));
    expect(await store.schedule.nextDue()).toBe(T0 + 5);
    expect(names((await store.schedule.claim({ ...request, now: T0 + 1e9 })).tags)).toEqual([
      'app:a',
    ]);
  });
});

describe('a tag that is claimed again and again', () => {
  const LEASE = 20_000;
  const claimAt = (now: number) => store.schedule.claim({ ...request, lease: LEASE, now });

  it('is late from its first claim on, although every claim puts it off', async () => {
    await store.streams.commit(creation('app'));
    for (const at of [0, 1, 2, 3]) await claimAt(T0 + at * LEASE);
    const early = await store.schedule.stats(T0 + 59_000);
    expect(early).toMatchObject({ stale: 0, due: 0 });
    const late = await store.schedule.stats(T0 + 3 * LEASE + 5_000);
    expect(late).toMatchObject({ stale: 1, due: 0, hosts: [{ overdueFor: 65_000 }] });
  });

  it('is late no more once it was looked at, and not at its next claim either', async () => {
    await store.streams.commit(creation('app'));
    for (const at of [0, 1, 2, 3]) await claimAt(T0 + at * LEASE);
    await store.images.save([documentOf(digest('1'))]);
    await recordLooks(store, { namespace: 'demo', name: 'app' }, [found('1', 1)]);
    expect((await store.schedule.stats(T0 + 70_000)).stale).toBe(0);
    const [tag = ''] = await store.redis.zrange('{tagtrail}:due:quay.io', '0', '0');
    const next = Number(await store.redis.zscore('{tagtrail}:due:quay.io', tag));
    expect(await store.redis.exists('{tagtrail}:overdue:quay.io')).toBe(1);
    await claimAt(next);
    expect((await store.schedule.stats(next + 5_000)).stale).toBe(0);
    expect(await store.redis.exists('{tagtrail}:overdue:quay.io')).toBe(0);
  });

  it('counts once when nobody claims it any more', async () => {
    await store.streams.commit(creation('app'));
    for (const at of [0, 1]) await claimAt(T0 + at * LEASE);
    const stats = await store.schedule.stats(T0 + 200_000);
    expect(stats).toMatchObject({ stale: 1, hosts: [{ overdueFor: 160_000 }] });
  });
});

describe('a host in a cool-down', () => {
  const until = T0 + 600_000;
  const coolDown = (host: string) =>
    store.redis.hset('{tagtrail}:cool-downs', host, `${until} 0 it answered 429`);

  it('is passed over until its end, while others go on', async () => {
    await store.streams.commit(creation('one', { a: 'calm.example/r:a', b: 'quick.example/r:b' }));
    await coolDown('calm.example');
    const { tags, more } = await store.schedule.claim(request);
    expect([names(tags), more]).toEqual([['one:b'], false]);
    expect(await store.schedule.nextDue()).toBe(T0 + 1_000);
    const later = { ...request, now: until };
    expect(names((await store.schedule.claim(later)).tags)).toContain('one:a');
  });

  it('makes no round come at once, also when one of its tags was moved meanwhile', async () => {
    await store.streams.commit(creation('app', { a: 'calm.example/r:a', b: 'calm.example/r:b' }));
    const [claim] = (await store.schedule.claim({ ...request, limit: 1 })).tags;
    await coolDown('calm.example');
    expect(await store.schedule.claim(request)).toEqual({ tags: [], more: false });
    expect(await store.schedule.nextDue()).toBe(until);
    if (claim === undefined) throw new Error('nothing was claimed');
    // A result moves a tag, and with it its host to the tag that is due: the next round puts the host off again.
    await store.schedule.release([{ claim, at: until + 5 }]);
    expect(await store.schedule.nextDue()).toBe(T0);
    expect(await store.schedule.claim(request)).toEqual({ tags: [], more: false });
    expect(await store.schedule.nextDue()).toBe(until);
  });

  it('is told, and late tags of it are no lag of the schedule', async () => {
    await store.streams.commit(creation('one', { a: 'calm.example/r:a', b: 'quick.example/r:b' }));
    await coolDown('calm.example');
    await coolDown('unscheduled.example');
    await store.schedule.claim(request);
    const stats = await store.schedule.stats(T0 + 90_000);
    expect(stats).toMatchObject({ scheduled: 2, due: 2, stale: 1, blocked: 1, lag: 89_000 });
    expect(stats.oldest?.host).toBe('quick.example');
    expect(stats.coolDowns.map(({ host }) => host).sort()).toEqual([
      'calm.example',
      'unscheduled.example',
    ]);
    const calm = stats.hosts.find(({ host }) => host === 'calm.example');
    expect(calm).toMatchObject({ due: 1, stale: 0, blocked: 1, overdueFor: 90_000 });
    expect((await store.schedule.stats(until)).coolDowns).toEqual([]);
  });

  it('is asked as ever when its cool-down cannot be read', async () => {
    await store.streams.commit(creation('one', { a: 'calm.example/r:a' }));
    await store.redis.hset('{tagtrail}:cool-downs', 'calm.example', 'soon');
    expect((await store.schedule.claim(request)).tags).toHaveLength(1);
  });
});

describe('the tag that waited longest', () => {
  it('is the earliest due one of any host that no job has taken', async () => {
    await store.streams.commit(creation('slow', { a: 'slow.example/r:a' }));
    expect((await store.schedule.stats(T0 - 1)).oldest).toBeUndefined();
    const { tags } = await store.schedule.claim(request);
    expect((await store.schedule.stats(T0)).oldest).toBeUndefined();
    await store.schedule.release(tags.map((claim) => ({ claim, at: T0 + 7 })));
    await store.streams.commit(
      creation('quick', { b: 'quick.example/r:b', c: 'slow.example/r:c' }),
    );
    const first = { namespace: 'demo', name: 'quick', tag: 'b' };
    const stats = await store.schedule.stats(T0 + 9);
    expect(stats.oldest).toEqual({ key: first, host: 'quick.example', due: T0 });
    expect(stats.lag).toBe(9);
    await store.schedule.claim({ ...request, now: T0 + 1 });
    expect((await store.schedule.stats(T0 + 9)).oldest).toEqual({
      key: { namespace: 'demo', name: 'slow', tag: 'a' },
      host: 'slow.example',
      due: T0 + 7,
    });
  });
});

describe('a claim that is settled late', () => {
  const key = { namespace: 'demo', name: 'app' };
  const placed = () => store.redis.zscore('{tagtrail}:due:quay.io', 'demo/app:latest');
  const remake = async () => {
    const stream = await store.streams.read(key);
    if (stream === undefined) throw new Error('no stream');
    const checks = await store.checks.readChecks(stream.metadata.uid ?? '');
    await store.streams.commit(deleteImageStream(stream, checks));
    await store.streams.commit(creation('app'));
  };

  it('does not forget a tag that was made anew in the meantime', async () => {
    await store.streams.commit(creation('app'));
    const { tags } = await store.schedule.claim(request);
    await remake();
    await store.schedule.forget(tags);
    expect(await placed()).toBe(String(T0));
    expect((await store.schedule.claim(request)).tags).toHaveLength(1);
  });

  it('does not put off a tag that was edited in the meantime', async () => {
    await store.streams.commit(creation('app'));
    const { tags } = await store.schedule.claim(request);
    await remake();
    await store.schedule.release(tags.map((claim) => ({ claim, at: T0 + 900_000 })));
    expect(await placed()).toBe(String(T0));
  });

  it('does not end the lease of whoever claimed the tag after it', async () => {
    await store.streams.commit(creation('app'));
    const { tags } = await store.schedule.claim(request);
    const later = { ...request, now: T0 + 1_000 };
    expect((await store.schedule.claim(later)).tags).toHaveLength(1);
    await store.schedule.forget(tags);
    await store.schedule.release(tags.map((claim) => ({ claim, at: T0 })));
    expect(await placed()).toBe(String(T0 + 2_000));
    expect((await store.schedule.stats(T0 + 1_500)).leased).toBe(1);
  });

  it('leaves no lease behind when the tag left the schedule', async () => {
    await store.streams.commit(creation('app'));
    const { tags } = await store.schedule.claim(request);
    await store.schedule.forget(tags);
    expect(await store.redis.keys('{tagtrail}:leases:*')).toEqual([]);
    expect(await store.redis.keys('{tagtrail}:due:*')).toEqual([]);
    expect(await store.redis.exists('{tagtrail}:hosts')).toBe(0);
    expect(await store.schedule.nextDue()).toBeUndefined();
  });
});

describe('names that are fields and members', () => {
  it.each(['__proto__', 'constructor', 'a:b/c', 't:x', ' ', '✓'])(
    'may be %j: the tag is claimed, looked at and recorded',
    async (tag) => {
      await store.streams.commit(creation('app', { [tag]: 'quay.io/acme/app' }));
      const { tags } = await store.schedule.claim(request);
      expect(tags).toMatchObject([{ namespace: 'demo', name: 'app', tag }]);
      await store.images.save([documentOf(digest('1'))]);
      const key = { namespace: 'demo', name: 'app' };
      const stream = committed(await recordLooks(store, key, [found('1', 1, { tag })]));
      expect(stream.status.tags).toMatchObject([{ tag, items: [{ image: digest('1') }] }]);
      expect(await store.streams.read(key)).toEqual(stream);
      const uid = stream.metadata.uid ?? '';
      expect((await store.checks.readChecks(uid)).get(tag)?.image).toBe(digest('1'));
    },
  );
});

describe('a touch', () => {
  const receipt = { log: '{tagtrail}:results', group: 'writers', entry: '1-0' };
  const look = (fence: number) => ({
    tag: 'latest',
    generation: 1,
    fence,
    from: 'quay.io/acme/app',
    outcome: { kind: 'unchanged' as const, upstreamDigest: digest('1'), image: digest('1') },
  });

  it('moves the check state and the due time and leaves every version alone', async () => {
    const change = creation('app');
    await store.streams.commit(change);
    const before = checksOf(change).get('latest');
    if (before === undefined) throw new Error('no check');
    const key: TagKey = {
      namespace: 'demo',
      name: 'app',
      uid: change.after.metadata.uid ?? '',
      tag: 'latest',
    };
    const after = nextCheck(before, look(1), { now: T0 + 10, settings: SETTINGS });
    await store.schedule.claim(request);
    const version = await store.redis.get('{tagtrail}:rv');
    expect(await store.checks.touch([{ key, before, after, receipt }])).toEqual(['touched']);
    expect(await store.checks.readCheck([key])).toEqual([after]);
    expect(await store.redis.get('{tagtrail}:rv')).toBe(version);
    expect(await store.schedule.nextDue()).toBe(after.nextDue);
    expect((await store.schedule.stats(T0)).leased).toBe(0);
    expect(await store.checks.touch([{ key, before, after, receipt }])).toEqual(['conflict']);
  });
});
