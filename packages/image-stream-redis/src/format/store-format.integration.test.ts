import { openGuardedRedis } from '@tagtrail/redis-connection';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRedisForTest } from '../../../embedded-redis/src/index.ts';
import { recordKeys } from '../keys.ts';
import { openImageStreamRedis } from '../open-image-stream-redis.ts';
import { creation, openProbe, T0 } from '../testing/open-store-for-test.ts';
import { readFormat1, restoreFormat1 } from '../testing/restore-fixture.ts';
import { FormatGuard } from './format-guard.ts';
import { migrateFormat } from './migrate-format.ts';

let server: Awaited<ReturnType<typeof openRedisForTest>>;
let redis: ReturnType<typeof openProbe>;
beforeEach(async () => {
  server = await openRedisForTest();
  redis = openProbe(server.url);
});
afterEach(async () => {
  redis.disconnect();
  await server[Symbol.asyncDispose]();
});

const keys = recordKeys('tagtrail');
const open = (onMigration?: (message: string) => void) =>
  openImageStreamRedis({ url: server.url, name: 'test', ...(onMigration && { onMigration }) });
const everything = async () => {
  const names = (await redis.keys('*')).sort();
  return Promise.all(
    names.map(async (name) => [name, (await redis.dumpBuffer(name))?.toString('hex')]),
  );
};
const OUTCOMES = { imported: 2, never: 3, Timeout: 1 };

describe('the format of the store', () => {
  it('is the present one from the start when there are no records', async () => {
    await using store = await open();
    expect(await redis.get(keys.format)).toBe('2');
    await store.streams.commit(creation('app'));
    expect(await store.checks.outcomes()).toEqual({ never: 1 });
    await using again = await open(() => expect.unreachable('nothing to migrate'));
    expect(await again.checks.outcomes()).toEqual({ never: 1 });
  });

  it('is refused when it is newer, and nothing is written', async () => {
    await restoreFormat1(redis);
    await redis.set(keys.format, '3');
    const before = await everything();
    await expect(open()).rejects.toMatchObject({
      code: 'newer-format',
      retryable: false,
      message:
        'the store has format 3, and this program knows formats up to 2: upgrade this program, or import an export into an empty Redis',
    });
    expect(await everything()).toEqual(before);
  });

  it('is refused when it is no number', async () => {
    await redis.set(keys.format, 'two');
    await expect(open()).rejects.toMatchObject({
      code: 'damaged',
      message: '{tagtrail}:format in Redis does not hold the number of a format',
    });
  });
});

describe('a store of format 1', () => {
  it('is migrated, and reads as it did', async () => {
    await restoreFormat1(redis);
    const told: string[] = [];
    await using store = await open((message) => told.push(message));
    expect(told).toEqual([
      'migrating the store from format 1 to 2: 3 streams',
      'the store has format 2 now',
    ]);
    expect(await redis.exists(keys.migration)).toBe(0);
    const written = readFormat1();
    const { items, resourceVersion } = await store.streams.list({});
    expect(items).toEqual(written.streams.map(({ stream }) => stream));
    expect(resourceVersion).toBe(written.version);
    for (const { stream, checks, histories } of written.streams) {
      const uid = stream.metadata.uid ?? '';
      expect(Object.fromEntries(await store.checks.readChecks(uid))).toEqual(checks);
      for (const [tag, events] of Object.entries(histories)) {
        const page = { offset: 0, limit: 100 };
        const key = { namespace: '', name: '', uid, tag };
        expect(await store.streams.history(key, page)).toEqual(events);
      }
    }
    expect(await store.checks.outcomes()).toEqual(OUTCOMES);
    const claimed = await store.schedule.claim({ now: T0, lease: 1_000, perHost: 9, limit: 9 });
    expect(claimed.tags).toMatchObject([{ name: 'web', tag: 'new', dueAt: T0 }]);
    expect(await store.images.read(`sha256:${'5'.repeat(64)}`)).toMatchObject({
      parts: { length: 2 },
    });
    const watched = store.streams.watch('1', new AbortController().signal)[Symbol.asyncIterator]();
    expect((await watched.next()).value).toHaveLength(Number(written.version) - 1);
    await watched.return?.();
  });

  it('is migrated once by many that open it together', async () => {
    await restoreFormat1(redis);
    const told: string[] = [];
    const opened = await Promise.all([1, 2, 3, 4].map(() => open((message) => told.push(message))));
    expect(told.filter((message) => message === 'the store has format 2 now')).toHaveLength(1);
    expect(await opened[3]?.checks.outcomes()).toEqual(OUTCOMES);
    await Promise.all(opened.map((store) => store[Symbol.asyncDispose]()));
  });

  it('waits for the migration of another process, and takes over when that one died', async () => {
    await restoreFormat1(redis);
    await redis.set(keys.migration, 'killed', 'PX', 400);
    const told: string[] = [];
    await using store = await open((message) => told.push(message));
    expect(told).toEqual([
      'another process migrates the store: waiting for it',
      'migrating the store from format 1 to 2: 3 streams',
      'the store has format 2 now',
    ]);
    expect(await store.checks.outcomes()).toEqual(OUTCOMES);
  });

  it('waits with an end', async () => {
    await restoreFormat1(redis);
    await redis.set(keys.migration, 'hangs');
    const before = await everything();
    let clock = 0;
    await using guarded = openGuardedRedis({ url: server.url, name: 'test' });
    await guarded.ready();
    const now = () => (clock += 200_000);
    const migration = migrateFormat(guarded.redis, { keys, onProgress: () => undefined, now });
    await expect(migration).rejects.toMatchObject({
      code: 'unavailable',
      message: 'another process has migrated the store for 300 s and is not done',
    });
    expect(await everything()).toEqual(before);
  });

  it('is not finished by one who lost the right to it, and leaves nothing half done', async () => {
    await restoreFormat1(redis);
    const before = new Map((await everything()) as [string, string][]);
    await using guarded = openGuardedRedis({ url: server.url, name: 'test' });
    await guarded.ready();
    const told: string[] = [];
    const seen: unknown[] = [];
    await migrateFormat(guarded.redis, {
      keys,
      onProgress: (message) => {
        told.push(message);
        // Sent before whatever the migration sends next: somebody else took over, and died.
        if (told.length === 1) {
          void redis.set(keys.migration, 'another', 'PX', 300);
          seen.push(redis.exists(keys.outcomes, keys.format));
        }
      },
    });
    expect(await Promise.all(seen)).toEqual([0]);
    expect(told).toHaveLength(4);
    expect(await redis.hgetall(keys.outcomes)).toEqual({ imported: '2', never: '3', Timeout: '1' });
    const after = new Map((await everything()) as [string, string][]);
    for (const name of [keys.format, keys.outcomes]) after.delete(name);
    expect(after).toEqual(before);
  });
});

describe('a running service', () => {
  it('ends when the store got a newer format', async () => {
    await using guarded = openGuardedRedis({ url: server.url, name: 'test' });
    await guarded.ready();
    const guard = new FormatGuard(keys);
    await guard.admit(guarded.redis);
    const watching = guard.watch(guarded, new AbortController().signal, 5);
    await redis.set(keys.format, '7');
    await expect(watching).rejects.toThrow('the store has format 7');
  });

  it('writes nothing over a new connection to a store of another format, and ends', async () => {
    await using store = await open();
    await store.streams.commit(creation('app'));
    await redis.set(keys.format, '7');
    await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    const before = await everything();
    await expect(store.streams.commit(creation('other'))).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('the store has format 7'),
    });
    expect(await everything()).toEqual(before);
  }, 20_000);

  it('ends when it finds an older store after a reconnection', async () => {
    await restoreFormat1(redis);
    await using guarded = openGuardedRedis({ url: server.url, name: 'test' });
    await guarded.ready();
    const guard = new FormatGuard(keys);
    const older =
      'the store came to be of format 1, and this program works on format 2: start it again, and it migrates the store';
    await expect(guard.admit(guarded.redis)).rejects.toThrow(older);
    const watching = guard.watch(guarded, new AbortController().signal, 5);
    await expect(watching).rejects.toMatchObject({ code: 'older-format', message: older });
  });

  it('goes on while Redis is away, and until its signal', async () => {
    await using guarded = openGuardedRedis({ url: server.url, name: 'test' });
    await guarded.ready();
    const guard = new FormatGuard(keys);
    await guard.admit(guarded.redis);
    const stop = new AbortController();
    const looks: number[] = [];
    const counted = {
      redis: guarded.redis,
      ready: async () => {
        if (looks.push(1) === 3) stop.abort();
        throw new Error('away');
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
    await guard.watch(counted, stop.signal, 1);
    expect(looks).toHaveLength(3);
  });
});
