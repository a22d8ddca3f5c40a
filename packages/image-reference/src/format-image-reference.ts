import type { ImageReference } from './image-reference.ts';

/** Renders a reference as written; with a digest the tag is left out, as in a pinned pull spec. */
export function formatImageReference(reference: ImageReference): string {
  const { registry, repository, tag, digest } = reference;
  const name = registry === undefined ? repository : `${registry}/${repository}`;
  if (digest !== undefined) return `${name}@${digest}`;
  return tag === undefined ? name : `${name}:${tag}`;
}
