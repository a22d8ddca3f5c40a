import type { ImportMode } from '@tagtrail/image-stream';
import { type ImageIndex, selectLegacyManifest } from '@tagtrail/oci';
import type { FetchedManifest } from '@tagtrail/registry-client';
import { collectIndex, MAX_DEPTH } from './collect-index.ts';
import {
  type CollectedImage,
  collectManifest,
  decodeFetched,
  type Fetcher,
  invalid,
} from './collect-manifest.ts';
import { fetchPart } from './fetch-part.ts';

export interface Wanted {
  readonly mode: ImportMode;
  readonly preferred: { readonly architecture?: string; readonly os?: string };
}

/**
 * From a fetched manifest to the image that the tag stands for, and every document it needs.
 * `Legacy` follows an index to one entry, `PreserveOriginal` keeps the index and all its entries or fails.
 */
export async function collectImage(
  wanted: Wanted,
  fetched: FetchedManifest,
  fetcher: Fetcher,
): Promise<CollectedImage> {
  const decoded = decodeFetched(fetched);
  if (!decoded.ok) return decoded;
  const { manifest } = decoded;
  if (manifest.kind === 'manifest') return collectManifest(fetcher, fetched, manifest);
  return wanted.mode === 'PreserveOriginal'
    ? collectIndex(fetcher, fetched, manifest)
    : collectEntry(wanted, { index: manifest, depth: 1 }, fetcher);
}

async function collectEntry(
  wanted: Wanted,
  { index, depth }: { readonly index: ImageIndex; readonly depth: number },
  fetcher: Fetcher,
): Promise<CollectedImage> {
  const entry = selectLegacyManifest(index, wanted.preferred);
  if (entry === undefined) return invalid('no manifests in manifest list');
  if (depth >= MAX_DEPTH) return invalid(`the index nests deeper than ${MAX_DEPTH}`);
  const { registry, target, signal } = fetcher;
  const { digest } = entry;
  const fetched = await fetchPart(digest, registry.fetchManifest(target, digest, signal));
  if (!fetched.ok) return fetched;
  const decoded = decodeFetched(fetched.part);
  if (!decoded.ok) return decoded;
  const { manifest } = decoded;
  return manifest.kind === 'index'
    ? collectEntry(wanted, { index: manifest, depth: depth + 1 }, fetcher)
    : collectManifest(fetcher, fetched.part, manifest);
}
