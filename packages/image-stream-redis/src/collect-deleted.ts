import { defineScript, type GuardedRedis } from '@tagtrail/redis-connection';

import { imageOfEvent } from './image-of-event.ts';
import type { RecordKeys } from './keys.ts';
import { COLLECT_BATCH, DOCUMENT_GRACE } from './limits.ts';
import { readParts } from './read-document.ts';

type Redis = GuardedRedis['redis'];

const freeScript = defineScript(new URL('./free-deleted.lua', import.meta.url));
const leaveScript = defineScript(new URL('./leave-image.lua', import.meta.url), [
  new URL('./drop-user.lua', import.meta.url),
]);

/**
 * Frees deleted streams one by one, at most `limit`; answers how many documents lost their last user. A stream leaves the
 * list when all of it is freed, so a crash repeats it.
 */
export async function collectDeleted(
  redis: Redis,
  keys: RecordKeys,
  limit: number,
): Promise<number> {
  let freed = 0;
  for (let count = 0; count < limit; count += 1) {
    const uid = await redis.lindex(keys.deleted, 0);
    if (uid === null) return freed;
    freed += await collectStream(redis, keys, uid);
    await redis.lrem(keys.deleted, 1, uid);
  }
  return freed;
}

async function collectStream(redis: Redis, keys: RecordKeys, uid: string): Promise<number> {
  const histories = keys.histories(uid);
  let freed = 0;
  let cursor = '0';
  do {
    const [next, fields] = await redis.hscan(histories, cursor, 'COUNT', COLLECT_BATCH);
    // Fields and their empty values take turns.
    const tags = fields.filter((_, at) => at % 2 === 0);
    for (const tag of tags) freed += await collectTag(redis, keys, { uid, tag });
    cursor = next;
  } while (cursor !== '0');
  await freeScript(redis, [histories, keys.deleted], [uid]);
  return freed;
}

interface DeletedTag {
  readonly uid: string;
  readonly tag: string;
}

async function collectTag(redis: Redis, keys: RecordKeys, deleted: DeletedTag): Promise<number> {
  const history = keys.history(deleted.uid, deleted.tag);
  let freed = 0;
  for (let from = 0; ; from += COLLECT_BATCH) {
    const events = await redis.lrange(history, from, from + COLLECT_BATCH - 1);
    const images = new Set(events.map(imageOfEvent).filter((image) => image !== ''));
    const parts = await readParts(redis, keys, images);
    // The whole last: a document left behind by a crash in between still says what its parts are.
    const left = new Set([...[...parts.values()].flat(), ...images]);
    for (const image of left) freed += await leaveImage(redis, keys, { image, deleted });
    if (events.length < COLLECT_BATCH) break;
  }
  await freeScript(redis, [history, keys.deleted], [deleted.uid]);
  return freed;
}

async function leaveImage(
  redis: Redis,
  keys: RecordKeys,
  { image, deleted: { uid, tag } }: { readonly image: string; readonly deleted: DeletedTag },
): Promise<number> {
  const names = [keys.image(image), keys.imageUsers(image), keys.deleted];
  return Number(await leaveScript(redis, names, [uid, `${uid}:${tag}`, DOCUMENT_GRACE]));
}
