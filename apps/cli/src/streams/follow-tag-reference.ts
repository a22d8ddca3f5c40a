import { isTagName } from '@tagtrail/image-reference';
import type { ImageStream, TagReference } from '@tagtrail/image-stream';

/** Where the references from tag to tag within a stream lead. */
export type FollowedTag =
  | {
      readonly ok: true;
      /** The last tag: one that refers to no other tag. */
      readonly tag: string;
      readonly reference: TagReference;
      /** True unless the first tag was the last one. */
      readonly followed: boolean;
    }
  | {
      readonly ok: false;
      readonly reason: 'circular' | 'not-found' | 'cross-stream' | 'invalid';
      /** The tag at which it ended. */
      readonly tag: string;
    };

/** Follows tags that refer to other tags of the same stream. Source: `oc`, "follow tag reference". */
export function followTagReference(stream: ImageStream, tag: string): FollowedTag {
  const seen = new Set<string>();
  for (let current = tag; ; ) {
    if (seen.has(current)) return { ok: false, reason: 'circular', tag: current };
    const reference = stream.spec.tags?.find(({ name }) => name === current);
    if (reference === undefined) return { ok: false, reason: 'not-found', tag: current };
    if (reference.from?.kind !== 'ImageStreamTag') {
      return { ok: true, tag: current, reference, followed: seen.size > 0 };
    }
    const next = tagWithin(stream, reference.from);
    if (next === undefined) return { ok: false, reason: 'cross-stream', tag: current };
    if (!isTagName(next)) return { ok: false, reason: 'invalid', tag: current };
    seen.add(current);
    current = next;
  }
}

/** The tag of this stream that is referred to as `TAG` or `STREAM:TAG`; undefined when it is another stream's. */
function tagWithin(
  { metadata }: ImageStream,
  from: { readonly name: string; readonly namespace?: string },
): string | undefined {
  const { name, namespace = '' } = from;
  if (namespace !== '' && namespace !== metadata.namespace) return undefined;
  const colon = name.indexOf(':');
  if (colon < 0) return name;
  return name.slice(0, colon) === metadata.name ? name.slice(colon + 1) || 'latest' : undefined;
}
