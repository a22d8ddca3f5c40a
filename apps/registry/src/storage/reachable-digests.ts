import { buffer } from 'node:stream/consumers';
import type { BlobStore } from '@tagtrail/blob-store';
import { type Digest, isDigest } from '@tagtrail/image-reference';
import type {
  ImageDocumentStore,
  ImageStream,
  ImageStreamStore,
  ReferrerStore,
} from '@tagtrail/image-stream';
import { type ImageContents, imageContents } from '../images/image-contents.ts';
import { imagesOf } from '../images/stream-contents.ts';

/** Streams read at a time. */
const PAGE = 500;
/** Bytes of a manifest. */
const MANIFEST_LIMIT = 4 * 1024 * 1024;

export interface ReachabilityParts {
  readonly streams: Pick<ImageStreamStore, 'list' | 'history'>;
  readonly images: Pick<ImageDocumentStore, 'read'>;
  readonly referrers: Pick<ReferrerStore, 'listed'>;
  readonly store: Pick<BlobStore, 'open'>;
}

/**
 * Every digest that a stream refers to: images of whole histories, what they are made of, their configs and layers, and
 * what refers to them. Rejects rather than leave something out. Throws StoreError, BlobStoreError.
 */
export async function reachableDigests(parts: ReachabilityParts): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  let next: string | undefined;
  do {
    const page = await parts.streams.list({
      limit: PAGE,
      ...(next !== undefined && { continue: next }),
    });
    for (const stream of page.items) await addStream(stream, found, parts);
    next = page.continue;
  } while (next !== undefined);
  return found;
}

async function addStream(
  stream: ImageStream,
  found: Set<string>,
  parts: ReachabilityParts,
): Promise<void> {
  for await (const image of imagesOf(stream, parts.streams)) await addImage(image, found, parts);
  for (const referrer of await parts.referrers.listed(stream.metadata.uid ?? '')) {
    if (isDigest(referrer)) await addImage(referrer, found, parts);
  }
}

async function addImage(
  digest: Digest,
  found: Set<string>,
  parts: ReachabilityParts,
): Promise<void> {
  if (found.has(digest)) return;
  found.add(digest);
  const contents = await readContents(digest, parts);
  for (const blob of contents?.blobs ?? []) found.add(blob.digest);
  for (const entry of contents?.manifests ?? []) await addImage(entry.digest, found, parts);
}

/** From the records, or else from the copy. */
async function readContents(
  digest: Digest,
  { images, store }: ReachabilityParts,
): Promise<ImageContents | undefined> {
  const document = await images.read(digest);
  if (document !== undefined) return imageContents(document.manifest, document.mediaType);
  const held = await store.open(digest);
  if (held === undefined) return undefined;
  try {
    return held.size > MANIFEST_LIMIT
      ? undefined
      : imageContents(String(await buffer(held.read())), undefined);
  } finally {
    await held[Symbol.asyncDispose]();
  }
}
