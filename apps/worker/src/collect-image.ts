import type { Digest } from '@tagtrail/image-reference';
import type { FailureReason, ImageDocument, ImportMode } from '@tagtrail/image-stream';
import {
  type DecodedManifest,
  type Descriptor,
  decodeImageConfig,
  decodeManifest,
  type ImageIndex,
  type ImageManifest,
  isArtifact,
  selectLegacyManifest,
} from '@tagtrail/oci';
import type { FetchedManifest, RegistryClient, RepositoryTarget } from '@tagtrail/registry-client';

/** An index may hold an index; nobody nests deeper than a few. */
const MAX_DEPTH = 4;
/** Manifests of one index that are kept under PreserveOriginal; the largest public ones have some forty. */
const MAX_CHILDREN = 200;
/** Children fetched at a time, so that one import takes a share of a host's connections. */
const CHILDREN_AT_A_TIME = 4;

export type StoredImage = Omit<ImageDocument, 'dockerImageReference'>;

export type CollectedImage =
  | { readonly ok: true; readonly chosen: Digest; readonly images: readonly StoredImage[] }
  | { readonly ok: false; readonly reason: FailureReason; readonly message: string };

interface Wanted {
  readonly target: RepositoryTarget;
  readonly mode: ImportMode;
  readonly preferred: { readonly architecture?: string; readonly os?: string };
}

interface Fetcher {
  readonly registry: RegistryClient;
  readonly signal: AbortSignal;
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
  const decoded = decode(fetched);
  if (!decoded.ok) return decoded;
  if (decoded.manifest.kind === 'manifest') {
    return collectManifest(wanted.target, { fetched, manifest: decoded.manifest }, fetcher);
  }
  return wanted.mode === 'PreserveOriginal'
    ? collectIndex(wanted, { fetched, index: decoded.manifest, depth: 1 }, fetcher)
    : collectEntry(wanted, { index: decoded.manifest, depth: 1 }, fetcher);
}

async function collectManifest(
  target: RepositoryTarget,
  { fetched, manifest }: { readonly fetched: FetchedManifest; readonly manifest: ImageManifest },
  { registry, signal }: Fetcher,
): Promise<CollectedImage> {
  const image = { digest: fetched.digest, mediaType: manifest.mediaType, manifest: fetched.text };
  if (isArtifact(manifest)) return { ok: true, chosen: fetched.digest, images: [image] };
  const config = await registry.fetchBlob(target, manifest.config, signal);
  const readable = decodeImageConfig(config);
  if (!readable.ok) return { ok: false, reason: 'InvalidManifest', message: readable.message };
  return { ok: true, chosen: fetched.digest, images: [{ ...image, config }] };
}

async function collectEntry(
  wanted: Wanted,
  { index, depth }: { readonly index: ImageIndex; readonly depth: number },
  fetcher: Fetcher,
): Promise<CollectedImage> {
  const entry = selectLegacyManifest(index, wanted.preferred);
  if (entry === undefined) return invalid('no manifests in manifest list');
  if (depth >= MAX_DEPTH) return invalid(`the index nests deeper than ${MAX_DEPTH}`);
  const fetched = await fetcher.registry.fetchManifest(wanted.target, entry.digest, fetcher.signal);
  const decoded = decode(fetched);
  if (!decoded.ok) return decoded;
  if (decoded.manifest.kind === 'index') {
    return collectEntry(wanted, { index: decoded.manifest, depth: depth + 1 }, fetcher);
  }
  return collectManifest(wanted.target, { fetched, manifest: decoded.manifest }, fetcher);
}

interface IndexAt {
  readonly fetched: FetchedManifest;
  readonly index: ImageIndex;
  readonly depth: number;
}

async function collectIndex(
  wanted: Wanted,
  { fetched, index, depth }: IndexAt,
  fetcher: Fetcher,
): Promise<CollectedImage> {
  if (depth > MAX_DEPTH) return invalid(`the index nests deeper than ${MAX_DEPTH}`);
  if (index.manifests.length > MAX_CHILDREN) {
    return invalid(
      `the index has ${index.manifests.length} entries, at most ${MAX_CHILDREN} are kept`,
    );
  }
  const own = { digest: fetched.digest, mediaType: index.mediaType, manifest: fetched.text };
  const images: StoredImage[] = [own];
  for (let at = 0; at < index.manifests.length; at += CHILDREN_AT_A_TIME) {
    const part = index.manifests.slice(at, at + CHILDREN_AT_A_TIME);
    const children = await Promise.all(
      part.map((entry) => collectChild(wanted, { entry, depth }, fetcher)),
    );
    for (const child of children) {
      if (!child.ok) return child;
      images.push(...child.images);
    }
  }
  return { ok: true, chosen: fetched.digest, images };
}

async function collectChild(
  wanted: Wanted,
  { entry, depth }: { readonly entry: Descriptor; readonly depth: number },
  fetcher: Fetcher,
): Promise<CollectedImage> {
  const fetched = await fetcher.registry.fetchManifest(wanted.target, entry.digest, fetcher.signal);
  const decoded = decode(fetched);
  if (!decoded.ok) return decoded;
  const { manifest } = decoded;
  return manifest.kind === 'index'
    ? collectIndex(wanted, { fetched, index: manifest, depth: depth + 1 }, fetcher)
    : collectManifest(wanted.target, { fetched, manifest }, fetcher);
}

function decode({ text, mediaType }: FetchedManifest): DecodedManifest {
  return decodeManifest(text, mediaType);
}

function invalid(message: string): CollectedImage {
  return { ok: false, reason: 'InvalidManifest', message };
}
