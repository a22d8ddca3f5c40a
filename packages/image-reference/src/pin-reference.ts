import type { Digest } from './digest.ts';
import type { ImageReference } from './image-reference.ts';

/** The same registry and repository, spelled the same, at `digest`; the tag is dropped. */
export function pinReference(reference: ImageReference, digest: Digest): ImageReference {
  const { registry, repository } = reference;
  return { ...(registry !== undefined && { registry }), repository, digest };
}
