import type { BlobStore, HeldBlob } from '@tagtrail/blob-store';
import type { ImageStream } from '@tagtrail/image-stream';
import type { StreamBlob } from '../images/stream-contents.ts';
import type { UpstreamImages } from '../images/upstream-images.ts';
import { RegistryFault } from '../registry-fault.ts';
import type { BlobOrigins } from './blob-origins.ts';
import type { Download } from './download.ts';
import type { Downloads } from './downloads.ts';

/** A copy may be evicted between being found and being opened; not again and again. */
const MAX_ATTEMPTS = 3;

export interface BlobSources {
  readonly store: Pick<BlobStore, 'open'>;
  readonly origins: Pick<BlobOrigins, 'mayShare' | 'groupOf' | 'hostOf'>;
  readonly downloads: Pick<Downloads, 'start'>;
  readonly upstream: Pick<UpstreamImages, 'blobFetcher'>;
}

/** The copy that the stream may have, or the one download that makes it. Throws RegistryFault, StoreError, BlobStoreError. */
export async function obtainBlob(
  stream: ImageStream,
  blob: StreamBlob,
  { store, origins, downloads, upstream }: BlobSources,
): Promise<HeldBlob | Download> {
  const openCopy = async () => {
    const held = await store.open(blob.digest);
    if (held === undefined || (await origins.mayShare(stream, blob.digest))) return held;
    await held[Symbol.asyncDispose]();
    return undefined;
  };
  const fetch = upstream.blobFetcher({ stream, holders: blob.holders });
  const place = { group: origins.groupOf(stream), host: origins.hostOf(stream) };
  const wanted = { blob, fetch, ...place, namespace: stream.metadata.namespace ?? '', openCopy };
  for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts += 1) {
    const held = await openCopy();
    if (held !== undefined) return held;
    const download = await downloads.start(wanted);
    if (download !== undefined) return download;
  }
  const message = `blob ${blob.digest}: copies go as fast as they come; the quota is too small`;
  throw new RegistryFault('UNAVAILABLE', message, { headers: { 'retry-after': '5' } });
}

/** Whether it is a download, of which bytes are still to come, perhaps. */
export function isDownload(source: HeldBlob | Download): source is Download {
  return 'begun' in source;
}
