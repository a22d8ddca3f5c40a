import type { ImageStreamStore, TagEvent } from '@tagtrail/image-stream';
import type { GuardedRedis } from '@tagtrail/redis-connection';
import { commitChange } from './commit.ts';
import { decodeRecord } from './encode-record.ts';
import type { RecordKeys } from './keys.ts';
import { MAX_HISTORY_PAGE } from './limits.ts';
import { listStreams } from './list-streams.ts';
import { watchStreams } from './watch-streams.ts';
import { whenReady } from './when-ready.ts';

/** The ImageStreamStore port on one record slot. */
export function createStreamStore(
  guarded: GuardedRedis,
  keys: RecordKeys,
  url: string,
): Omit<ImageStreamStore, typeof Symbol.asyncDispose> {
  const { redis } = guarded;
  return {
    read: (key) =>
      whenReady(guarded, async () => decodeRecord(await redis.hgetall(keys.record(key)))),
    list: (query) => whenReady(guarded, () => listStreams(guarded, keys, query)),
    commit: (change) => whenReady(guarded, () => commitChange(guarded, keys, change)),
    watch: (resourceVersion, signal) => watchStreams(url, keys, { resourceVersion, signal }),
    history: (key, { offset, limit }) =>
      whenReady(guarded, async () => {
        const count = Math.max(1, Math.min(limit, MAX_HISTORY_PAGE));
        const history = keys.history(key.uid, key.tag);
        const texts = await redis.lrange(history, offset, offset + count - 1);
        return texts.map((text) => JSON.parse(text) as TagEvent);
      }),
  };
}
