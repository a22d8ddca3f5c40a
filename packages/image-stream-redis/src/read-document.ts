import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import type { ImageDocument } from '@tagtrail/image-stream';
import type { GuardedRedis } from '@tagtrail/redis-connection';
import type { RecordKeys } from './keys.ts';
import { DOCUMENTS_AT_A_TIME, MAX_DOCUMENT_BYTES } from './limits.ts';
import { damaged, parseStoredObject } from './parse-stored.ts';

type Redis = GuardedRedis['redis'];

const decompress = promisify(inflateRaw);

/** @throws StoreError `damaged`, and ioredis' errors */
export async function readDocument(
  redis: Redis,
  keys: RecordKeys,
  digest: string,
): Promise<ImageDocument | undefined> {
  const bytes = await redis.getBuffer(keys.image(digest));
  return bytes === null ? undefined : decodeDocument(bytes);
}

/**
 * The images that each of `images` is made of. A document that is missing or unreadable has none: the commit notices
 * the first itself, and the second is of no use to anybody.
 */
export async function readParts(
  redis: Redis,
  keys: RecordKeys,
  images: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const parts = new Map<string, readonly string[]>();
  const digests = [...images];
  for (let at = 0; at < digests.length; at += DOCUMENTS_AT_A_TIME) {
    const some = digests.slice(at, at + DOCUMENTS_AT_A_TIME);
    const stored = await Promise.all(some.map((digest) => redis.getBuffer(keys.image(digest))));
    const found = await Promise.all(stored.map(partsIn));
    for (const [index, digest] of some.entries()) parts.set(digest, found[index] ?? []);
  }
  return parts;
}

async function partsIn(bytes: Buffer | null): Promise<readonly string[]> {
  try {
    return bytes === null ? [] : ((await decodeDocument(bytes)).parts ?? []);
  } catch {
    // Unreadable: see above.
    return [];
  }
}

async function decodeDocument(bytes: Buffer): Promise<ImageDocument> {
  const what = 'a stored image document';
  const text = await decompress(bytes, { maxOutputLength: MAX_DOCUMENT_BYTES }).catch((cause) => {
    throw damaged(what, cause);
  });
  return parseStoredObject(text.toString(), what) as unknown as ImageDocument;
}
