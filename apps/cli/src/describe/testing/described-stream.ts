import type { ImageStream, NamedTagEventList, TagReference } from '@tagtrail/image-stream';
import { aStream, aTag } from '../../../../../packages/image-stream/src/testing/a-stream.ts';
import { describeImageStream } from '../describe-image-stream.ts';

/** The time of the tests, and an hour before it. */
export const now = Date.parse('2026-11-23T05:27:57Z');
export const hourAgo = '2026-11-23T04:27:57Z';

/** The description of a stream with its tabs as `→`. */
export function described(stream: ImageStream): string {
  return describeImageStream(stream, now).replaceAll('\t', '→');
}

/** What follows the line `Tags: N` and a blank one. */
export function tagBlocks(
  tags: readonly TagReference[],
  status: readonly NamedTagEventList[] = [],
): string {
  return described(aStream({ tags, status })).replace(/^[\s\S]*?\nTags:→→→\d+\n\n/u, '');
}

/** A tag that had these images, the newest first, for an hour. */
export function seen(tag: string, ...images: readonly string[]): NamedTagEventList {
  const items = images.map((image) => ({
    created: hourAgo,
    dockerImageReference: `quay.io/acme/app@${image}`,
    image,
    generation: 1,
  }));
  return { tag, items };
}

/** The tag `latest` with this source. */
export function from(kind: string, name: string, fields: Partial<TagReference> = {}): TagReference {
  return aTag({ from: { kind, name }, ...fields });
}
