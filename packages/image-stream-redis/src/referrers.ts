import type { ReferrerStore } from '@tagtrail/image-stream';
import type { GuardedRedis } from '@tagtrail/redis-connection';
import type { RecordKeys } from './keys.ts';
import { whenReady } from './when-ready.ts';

/** s for which referrers of a stream are kept after any of them was listed. */
const LIFE = 30 * 24 * 3_600;
/** Images of one stream whose referrers are kept; a client that lists more must list again while the registry answers. */
const MAX_SUBJECTS = 10_000;

/** The ReferrerStore port on one record slot. */
export function createReferrers(guarded: GuardedRedis, keys: RecordKeys): ReferrerStore {
  const { redis } = guarded;
  return {
    save: (uid, subject, { list, digests }) =>
      whenReady(guarded, async () => {
        const [lists, subjects] = [keys.referrers(uid), keys.referred(uid)];
        if ((await redis.hlen(lists)) >= MAX_SUBJECTS) await redis.unlink(lists, subjects);
        const write = redis.multi().hset(lists, subject, list).expire(lists, LIFE);
        for (const digest of digests) write.hset(subjects, digest, subject);
        await write.expire(subjects, LIFE).exec();
      }),
    read: (uid, subject) =>
      whenReady(guarded, async () => (await redis.hget(keys.referrers(uid), subject)) ?? undefined),
    listed: (uid) => whenReady(guarded, () => redis.hkeys(keys.referred(uid))),
    subjectOf: (uid, referrer) =>
      whenReady(guarded, async () => (await redis.hget(keys.referred(uid), referrer)) ?? undefined),
  };
}
