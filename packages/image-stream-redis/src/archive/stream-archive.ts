import type { StreamArchive } from '@tagtrail/image-stream';
import { defineScript, type GuardedRedis } from '@tagtrail/redis-connection';
import { formatMember, parseMember, type RecordKeys } from '../keys.ts';
import { MAX_PAGE, STAGED_LIFE, VERSION_JUMP } from '../limits.ts';
import { namesBetween } from '../list-streams.ts';
import { packTagEvent } from '../pack-tag-event.ts';
import { whenReady } from '../when-ready.ts';
import { readEvents, readSnapshot } from './read-snapshot.ts';
import { restoreStream } from './restore-stream.ts';

const beginScript = defineScript(new URL('./begin-restore.lua', import.meta.url));
const stageScript = defineScript(new URL('./stage-history.lua', import.meta.url));

/** The StreamArchive port on one record slot. */
export function createStreamArchive(guarded: GuardedRedis, keys: RecordKeys): StreamArchive {
  const { redis } = guarded;
  return {
    names: ({ namespace, after, limit }) =>
      whenReady(guarded, async () => {
        const [low, high] = namesBetween(namespace, after && formatMember(after));
        const count = Math.max(1, Math.min(limit, MAX_PAGE));
        const members = await redis.zrangebylex(keys.names, low, high, 'LIMIT', 0, count);
        return members.map(parseMember);
      }),
    version: () => whenReady(guarded, async () => (await redis.get(keys.version)) ?? '0'),
    snapshot: (key) => whenReady(guarded, () => readSnapshot(redis, keys, key)),
    events: ({ stream, histories }, { tag, ...page }) =>
      whenReady(guarded, async () => {
        const history = histories.get(tag);
        if (history === undefined) return undefined;
        const { uid = '' } = stream.metadata;
        return readEvents(redis, keys, { uid, tag, history, ...page });
      }),
    begin: ({ archive, resourceVersion, fence }) =>
      whenReady(guarded, async () => {
        const names = [keys.names, keys.version, keys.fence, keys.restored];
        const args = [archive, resourceVersion, fence, VERSION_JUMP];
        return (await beginScript(redis, names, args)) === 1;
      }),
    stage: ({ key: { uid, tag }, offset, events }) =>
      whenReady(guarded, async () => {
        const packed = events.map((event) => JSON.stringify(packTagEvent(event)));
        const args = [offset, STAGED_LIFE, ...packed];
        return (await stageScript(redis, [keys.staged(uid, tag)], args)) === 1;
      }),
    restore: (wanted) => whenReady(guarded, () => restoreStream(redis, keys, wanted)),
  };
}
