import type { ImageStream } from '@tagtrail/image-stream';
import type { PrefetchJob } from '@tagtrail/import-contract';
import { type BlobSources, isDownload, obtainBlob } from '../blobs/obtain-blob.ts';
import { digestIn, type NamedContent } from '../images/image-contents.ts';
import type { ServedManifest } from '../images/manifest-documents.ts';
import type { StreamCache } from '../images/stream-cache.ts';
import type { StreamContents } from '../images/stream-contents.ts';
import type { StreamImages } from '../images/stream-images.ts';

/** Indexes in indexes that are followed; clients follow as few. */
const MAX_DEPTH = 4;

export interface CopyParts extends BlobSources {
  readonly streams: Pick<StreamCache, 'read'>;
  readonly images: Pick<StreamImages, 'manifest' | 'isMember'>;
  readonly contents: Pick<StreamContents, 'configOf'>;
}

/**
 * Makes copies of all that an image is made of and that is not there yet. A stream that is gone, or another one by now,
 * wants nothing any more. Rejects when something cannot be had.
 */
export async function copyImage({ key, image }: PrefetchJob, parts: CopyParts): Promise<void> {
  const stream = await parts.streams.read(key);
  const digest = digestIn(image);
  if (stream === undefined || stream.metadata.uid !== key.uid || digest === undefined) return;
  if (!(await parts.images.isMember(stream, digest))) return;
  const { manifest } = await parts.images.manifest(stream, digest);
  await copyManifest(stream, manifest, { parts, depth: 0 });
}

interface Descent {
  readonly parts: CopyParts;
  readonly depth: number;
}

async function copyManifest(
  stream: ImageStream,
  { digest, contents }: ServedManifest,
  { parts, depth }: Descent,
): Promise<void> {
  for (const blob of contents.blobs) {
    if (!blob.isForeign) await copyBlob(stream, { ...blob, holder: digest }, parts);
  }
  for (const entry of depth < MAX_DEPTH ? contents.manifests : []) {
    const { manifest } = await parts.images.manifest(stream, entry.digest);
    await copyManifest(stream, manifest, { parts, depth: depth + 1 });
  }
}

async function copyBlob(
  stream: ImageStream,
  { digest, size, holder }: NamedContent & { readonly holder: ServedManifest['digest'] },
  parts: CopyParts,
): Promise<void> {
  const blob = { digest, size, holders: new Set([holder]) };
  if (size === 0 || (await parts.contents.configOf(blob))) return;
  const source = await obtainBlob(stream, blob, parts);
  if (isDownload(source)) await source.stored;
  else await source[Symbol.asyncDispose]();
}
