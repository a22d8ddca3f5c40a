import { defineScript, type GuardedRedis } from '@tagtrail/redis-connection';

import type { RecordKeys } from './keys.ts';
import { COLLECT_BATCH, DOCUMENT_GRACE } from './limits.ts';
import { unpackTagEvent } from './pack-tag-event.ts';
import { parseStored, parseStoredObject } from './parse-stored.ts';
import { readParts } from './read-document.ts';

type Redis = GuardedRedis['redis'];

const leaveScript = defineScript(new URL('./leave-image.lua', import.meta.url));

/**
 * Frees deleted streams one by one, at most `limit`; answers how many documents lost their last user. A note leaves the
 * list when all behind it is done, so a crash repeats it.
 */
export async function collectDeleted(
  redis: Redis,
  keys: RecordKeys,
  limit: number,
): Promise<number> {
  let freed = 0;
  for (let count = 0; count < limit; count += 1) {
    const note = await redis.lindex(keys.deleted, 0);
    if (note === null) return freed;
    const { uid, tags } = readNote(note);
    for (const tag of tags) freed += await collectTag(redis, keys, { uid, tag });
    await redis.lrem(keys.deleted, 1, note);
  }
  return freed;
}

interface DeletedTag {
  readonly uid: string;
  readonly tag: string;
}

/** A note that cannot be read frees nothing, and must not stand in the way of those behind it. */
function readNote(note: string): { readonly uid: string; readonly tags: readonly string[] } {
  const { uid, tags } = readable(() => parseStoredObject(note, 'a note of a deletion')) ?? {};
  if (typeof uid !== 'string' || !Array.isArray(tags)) return { uid: '', tags: [] };
  return { uid, tags: tags.map(String) };
}

async function collectTag(redis: Redis, keys: RecordKeys, deleted: DeletedTag): Promise<number> {
  const history = keys.history(deleted.uid, deleted.tag);
  let freed = 0;
  for (let from = 0; ; from += COLLECT_BATCH) {
    const events = await redis.lrange(history, from, from + COLLECT_BATCH - 1);
    const images = new Set(events.map(imageOf).filter((image) => image !== ''));
    const parts = await readParts(redis, keys, images);
    // The whole last: a document left behind by a crash in between still says what its parts are.
    const left = new Set([...[...parts.values()].flat(), ...images]);
    for (const image of left) freed += await leaveImage(redis, keys, { image, deleted });
    if (events.length < COLLECT_BATCH) break;
  }
  await redis.unlink(history);
  return freed;
}

function imageOf(text: string): string {
  return readable(() => unpackTagEvent(parseStored(text, 'a tag event')))?.image ?? '';
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    // Damaged: there is nothing to be freed by it.
    return undefined;
  }
}

async function leaveImage(
  redis: Redis,
  keys: RecordKeys,
  { image, deleted: { uid, tag } }: { readonly image: string; readonly deleted: DeletedTag },
): Promise<number> {
  const documentKeys = [keys.image(image), keys.imageUsers(image)];
  return Number(await leaveScript(redis, documentKeys, [`${uid}:${tag}`, DOCUMENT_GRACE]));
}
