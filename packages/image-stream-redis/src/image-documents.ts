import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { type ImageDocument, type ImageDocumentStore, StoreError } from '@tagtrail/image-stream';
import { defineScript, type GuardedRedis } from '@tagtrail/redis-connection';
import type { RecordKeys } from './keys.ts';
import { COLLECT_BATCH, DOCUMENT_GRACE } from './limits.ts';
import { whenReady } from './when-ready.ts';

const leaveScript = defineScript(new URL('./leave-image.lua', import.meta.url));
const renewScript = defineScript(new URL('./renew-image.lua', import.meta.url));

const compress = promisify(deflateRaw);
const decompress = promisify(inflateRaw);
/** A manifest and a config, both at their limits, and the frame around them. */
const MAX_DOCUMENT_BYTES = 9 * 1024 * 1024;

/** The ImageDocumentStore port on one record slot. */
export function createImageDocuments(guarded: GuardedRedis, keys: RecordKeys): ImageDocumentStore {
  return {
    save: (documents) => whenReady(guarded, () => save(guarded, keys, documents)),
    read: (digest) => whenReady(guarded, () => read(guarded, keys, digest)),
    collect: (limit) => whenReady(guarded, () => collect(guarded, keys, limit)),
  };
}

/** Writes what is not there yet; what waits for a commit gets its whole grace again, what is in use stays. */
async function save(
  { redis }: GuardedRedis,
  keys: RecordKeys,
  documents: readonly ImageDocument[],
): Promise<void> {
  for (const document of documents) {
    const key = keys.image(document.digest);
    const bytes = await compress(JSON.stringify(document));
    const written = await redis.set(key, bytes, 'PX', DOCUMENT_GRACE, 'NX');
    if (written === null) await renewScript(redis, [key], [DOCUMENT_GRACE]);
  }
}

async function read(
  { redis }: GuardedRedis,
  keys: RecordKeys,
  digest: string,
): Promise<ImageDocument | undefined> {
  const bytes = await redis.getBuffer(keys.image(digest));
  if (bytes === null) return undefined;
  try {
    const text = await decompress(bytes, { maxOutputLength: MAX_DOCUMENT_BYTES });
    return JSON.parse(text.toString()) as ImageDocument;
  } catch (cause) {
    throw new StoreError('damaged', `the stored document of ${digest} is not readable`, { cause });
  }
}

/** Frees deleted streams one by one; a note leaves the list when all behind it is done, so a crash repeats it. */
async function collect({ redis }: GuardedRedis, keys: RecordKeys, limit: number): Promise<number> {
  let freed = 0;
  for (let count = 0; count < limit; count += 1) {
    const note = await redis.lindex(keys.deleted, 0);
    if (note === null) return freed;
    const { uid, tags } = JSON.parse(note) as { uid: string; tags: string[] };
    for (const tag of tags) freed += await collectTag(redis, keys, { uid, tag });
    await redis.lrem(keys.deleted, 1, note);
  }
  return freed;
}

async function collectTag(
  redis: GuardedRedis['redis'],
  keys: RecordKeys,
  { uid, tag }: { readonly uid: string; readonly tag: string },
): Promise<number> {
  const history = keys.history(uid, tag);
  let freed = 0;
  for (let from = 0; ; from += COLLECT_BATCH) {
    const events = await redis.lrange(history, from, from + COLLECT_BATCH - 1);
    const images = new Set(events.map((text) => (JSON.parse(text) as { image: string }).image));
    for (const image of images)
      freed += await leaveImage(redis, keys, { image, user: `${uid}:${tag}` });
    if (events.length < COLLECT_BATCH) break;
  }
  await redis.unlink(history);
  return freed;
}

async function leaveImage(
  redis: GuardedRedis['redis'],
  keys: RecordKeys,
  { image, user }: { readonly image: string; readonly user: string },
): Promise<number> {
  const reply = await leaveScript(
    redis,
    [keys.image(image), keys.imageUsers(image)],
    [user, DOCUMENT_GRACE],
  );
  return Number(reply);
}
