import type { ImageStreamStore } from '@tagtrail/image-stream';
import type { GuardedRedis } from '@tagtrail/redis-connection';
import { commitChange } from './commit.ts';
import { decodeRecord } from './encode-record.ts';
import type { RecordKeys } from './keys.ts';
import { MAX_HISTORY_PAGE } from './limits.ts';
import { listStreams, type NoticeDamage } from './list-streams.ts';
import { unpackTagEvent } from './pack-tag-event.ts';
import { parseStored } from './parse-stored.ts';
import { watchStreams } from './watch-streams.ts';
import { whenReady } from './when-ready.ts';

export interface StreamStoreParts {
  readonly guarded: GuardedRedis;
  readonly keys: RecordKeys;
  /** For the connection that a watch opens. */
  readonly url: string;
  readonly onDamaged: NoticeDamage;
}

/** The ImageStreamStore port on one record slot. */
export function createStreamStore({
  guarded,
  keys,
  url,
  onDamaged,
}: StreamStoreParts): Omit<ImageStreamStore, typeof Symbol.asyncDispose> {
  const { redis } = guarded;
  return {
    read: (key) =>
      whenReady(guarded, async () => decodeRecord(await redis.hgetall(keys.record(key)))),
    list: (query) => whenReady(guarded, () => listStreams(guarded, { keys, query, onDamaged })),
    commit: (change) => whenReady(guarded, () => commitChange(guarded, keys, change)),
    watch: (resourceVersion, signal) => watchStreams(url, keys, { resourceVersion, signal }),
    history: (key, { offset, limit }) =>
      whenReady(guarded, async () => {
        const count = Math.max(1, Math.min(limit, MAX_HISTORY_PAGE));
        const first = Math.max(0, offset);
        const history = keys.history(key.uid, key.tag);
        const texts = await redis.lrange(history, first, first + count - 1);
        return texts.map((text) => unpackTagEvent(parseStored(text, 'a stored tag event')));
      }),
  };
}
