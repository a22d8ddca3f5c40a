import type { BlobOriginStore } from '@tagtrail/image-stream';
import type { GuardedRedis } from '@tagtrail/redis-connection';
import type { RecordKeys } from './keys.ts';
import { whenReady } from './when-ready.ts';

/** s after which it is forgotten who delivered a blob that nobody asked for since. */
const LIFE = 400 * 86_400;
/** Repositories remembered for a blob: a base layer is in many. One beyond pushes another one out. */
const MAX_REPOSITORIES = 10_000;

/** The BlobOriginStore port on one record slot. */
export function createBlobOrigins(guarded: GuardedRedis, keys: RecordKeys): BlobOriginStore {
  const { redis } = guarded;
  return {
    add: (digest, repository) =>
      whenReady(guarded, async () => {
        const key = keys.delivered(digest);
        if ((await redis.scard(key)) >= MAX_REPOSITORIES) await redis.spop(key);
        await redis.multi().sadd(key, repository).expire(key, LIFE).exec();
      }),
    deliveredBy: (digest, repositories) =>
      whenReady(guarded, async () => {
        if (repositories.length === 0) return false;
        const key = keys.delivered(digest);
        const found = await redis.smismember(key, ...repositories);
        await redis.expire(key, LIFE);
        return found.includes(1);
      }),
  };
}
