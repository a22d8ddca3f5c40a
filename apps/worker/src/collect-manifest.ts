import type { Digest } from '@tagtrail/image-reference';
import type { ImageDocument } from '@tagtrail/image-stream';
import {
  type DecodedManifest,
  decodeImageConfig,
  decodeManifest,
  type ImageManifest,
  isArtifact,
} from '@tagtrail/oci';
import type { FetchedManifest, RegistryClient, RepositoryTarget } from '@tagtrail/registry-client';
import { type CollectFailure, fetchPart } from './fetch-part.ts';

export type StoredImage = Omit<ImageDocument, 'dockerImageReference'>;

/** The image that a tag stands for, and every document it needs; what is made of others comes after them. */
export type CollectedImage =
  | { readonly ok: true; readonly chosen: Digest; readonly images: readonly StoredImage[] }
  | CollectFailure;

export interface Fetcher {
  readonly registry: RegistryClient;
  readonly target: RepositoryTarget;
  readonly signal: AbortSignal;
}

/** A single image with its config, or an artifact, which has none. */
export async function collectManifest(
  { registry, target, signal }: Fetcher,
  fetched: FetchedManifest,
  manifest: ImageManifest,
): Promise<CollectedImage> {
  const image = { digest: fetched.digest, mediaType: manifest.mediaType, manifest: fetched.text };
  if (isArtifact(manifest)) return { ok: true, chosen: fetched.digest, images: [image] };
  const blob = registry.fetchBlob(target, manifest.config, signal);
  const config = await fetchPart(manifest.config.digest, blob);
  if (!config.ok) return config;
  const readable = decodeImageConfig(config.part);
  if (!readable.ok) return invalid(readable.message);
  return { ok: true, chosen: fetched.digest, images: [{ ...image, config: config.part }] };
}

export function decodeFetched({ text, mediaType }: FetchedManifest): DecodedManifest {
  return decodeManifest(text, mediaType);
}

export function invalid(message: string): CollectFailure {
  return { ok: false, reason: 'InvalidManifest', message };
}
