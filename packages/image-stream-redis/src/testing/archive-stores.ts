import type { StreamSnapshot } from '@tagtrail/image-stream';
import { expect } from 'vitest';
import { openImageStreamRedis } from '../open-image-stream-redis.ts';
import { copyStream, MARKS, snapshots } from './copy-archive.ts';
import { digest, openStoreForTest, T0 } from './open-store-for-test.ts';
import { restoreFormat1 } from './restore-fixture.ts';

type Store = Awaited<ReturnType<typeof openStoreForTest>>;
export const WEB = { namespace: 'demo', name: 'web' };

/** Two stores: one of some history, made from the fixture, and an empty one. */
export async function openArchiveStores() {
  const source = await openStoreForTest();
  const target = await openStoreForTest();
  await fill(source);
  return {
    source,
    target,
    web: async (): Promise<StreamSnapshot> => {
      const snapshot = await source.archive.snapshot(WEB);
      if (snapshot === undefined) throw new Error('no stream web');
      return snapshot;
    },
    copyDocuments: () => copyDocuments(source, target),
    copyAll: async (): Promise<void> => {
      await copyDocuments(source, target);
      expect(await target.archive.begin(MARKS)).toBe(true);
      for (const snapshot of await snapshots(source)) {
        expect(await copyStream(source, target, snapshot)).toBe('restored');
      }
    },
    [Symbol.asyncDispose]: async () => {
      await source[Symbol.asyncDispose]();
      await target[Symbol.asyncDispose]();
    },
  };
}

/** The fixture has one claim, which is settled here: a lease is nothing that an archive holds. */
async function fill({ redis, url }: Store): Promise<void> {
  await redis.flushall();
  await restoreFormat1(redis);
  await redis.del('{tagtrail}:leases:ghcr.io');
  await redis.zadd('{tagtrail}:due:ghcr.io', T0, 'demo/follow:v1');
  await redis.zadd('{tagtrail}:hosts', T0, 'ghcr.io');
  const migrating = await openImageStreamRedis({ url, name: 'migrates' });
  await migrating[Symbol.asyncDispose]();
}

async function copyDocuments(source: Store, target: Store): Promise<void> {
  const digits = ['1', '2', '3', '4', '5'];
  const documents = await Promise.all(digits.map((one) => source.images.read(digest(one))));
  await target.images.save(documents.flatMap((one) => one ?? []));
}

/** Everything about streams that are there, as it is stored; the fixture's deleted one (uid-2) aside. */
export async function contents({ redis }: Store): Promise<Readonly<Record<string, unknown>>> {
  const isOfStreams =
    /^\{tagtrail\}:(is|names|checks|history|histories|due|hosts|outcomes|image|image-users|leases)\b/;
  const names = (await redis.keys('*')).filter(
    (name) => isOfStreams.test(name) && !name.includes('uid-2'),
  );
  const values = names.sort().map(async (name) => [name, await contentOf(redis, name)] as const);
  return Object.fromEntries(await Promise.all(values));
}

async function contentOf(redis: Store['redis'], name: string): Promise<unknown> {
  const type = await redis.type(name);
  if (type === 'hash') {
    const fields = Object.entries(await redis.hgetall(name));
    return Object.fromEntries(fields.filter(([field]) => field !== 'uid-2:latest'));
  }
  if (type === 'list') return redis.lrange(name, 0, -1);
  if (type === 'zset') return redis.zrange(name, '0', '-1', 'WITHSCORES');
  return [await redis.pttl(name), (await redis.getBuffer(name))?.toString('hex')];
}
