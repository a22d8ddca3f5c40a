import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import type { ImageDocument, ImageDocumentStore } from '@tagtrail/image-stream';
import { defineScript, type GuardedRedis } from '@tagtrail/redis-connection';
import { collectDeleted } from './collect-deleted.ts';
import type { RecordKeys } from './keys.ts';
import { DOCUMENT_GRACE } from './limits.ts';
import { readDocument } from './read-document.ts';
import { whenReady } from './when-ready.ts';

type Redis = GuardedRedis['redis'];

const saveScript = defineScript(new URL('./save-image.lua', import.meta.url));

/** Fields of one HMGET: Redis answers in under a millisecond. */
const FIELDS_AT_A_TIME = 1_000;

const compress = promisify(deflateRaw);

/** The ImageDocumentStore port on one record slot. */
export function createImageDocuments(guarded: GuardedRedis, keys: RecordKeys): ImageDocumentStore {
  const { redis } = guarded;
  return {
    save: (documents) => whenReady(guarded, () => saveAll(redis, keys, documents)),
    read: (digest) => whenReady(guarded, () => readDocument(redis, keys, digest)),
    belongsTo: (uid, digest) => whenReady(guarded, () => isUsed(redis, keys, { uid, digest })),
    collect: (limit) => whenReady(guarded, () => collectDeleted(redis, keys, limit)),
  };
}

/** A stream has fewer tags than a popular image has users. */
async function isUsed(
  redis: Redis,
  keys: RecordKeys,
  { uid, digest }: { readonly uid: string; readonly digest: string },
): Promise<boolean> {
  const tags = await redis.hkeys(keys.histories(uid));
  for (let at = 0; at < tags.length; at += FIELDS_AT_A_TIME) {
    const fields = tags.slice(at, at + FIELDS_AT_A_TIME).map((tag) => `${uid}:${tag}`);
    const found = await redis.hmget(keys.imageUsers(digest), ...fields);
    if (found.some((one) => one !== null)) return true;
  }
  return false;
}

/** Most documents are there already: those only get their time again, and nothing is compressed or sent for them. */
async function saveAll(
  redis: Redis,
  keys: RecordKeys,
  documents: readonly ImageDocument[],
): Promise<void> {
  for (const document of documents) {
    const { digest, parts = [] } = document;
    if ((await saveScript(redis, [keys.image(digest)], [DOCUMENT_GRACE])) === 1) continue;
    const bytes = await compress(JSON.stringify(document));
    const names = [digest, ...parts].flatMap((one) => [keys.image(one), keys.imageUsers(one)]);
    await saveScript(redis, names, [DOCUMENT_GRACE, bytes]);
  }
}
