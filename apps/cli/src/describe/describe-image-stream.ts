import type { ImageStream } from '@tagtrail/image-stream';
import { describeTag } from './describe-tag.ts';
import { allTags, displayTags } from './display-tags.ts';
import { describedText, fieldLines, metadataLines, NONE } from './field-lines.ts';

/**
 * The text of `oc describe imagestream`, tabs and all. `now` in ms since the epoch, for the ages.
 * Source: current `oc`; the same text follows a successful `oc import-image`.
 */
export function describeImageStream(stream: ImageStream, now: number): string {
  const { metadata, spec, status } = stream;
  const repository = status.publicDockerImageRepository || status.dockerImageRepository;
  return describedText([
    ...metadataLines(metadata, now),
    ...fieldLines('Image Repository', repository),
    ...fieldLines('Image Lookup', `local=${spec.lookupPolicy?.local ?? false}`),
    ...tagLines(stream, now),
  ]);
}

function tagLines(stream: ImageStream, now: number): readonly string[] {
  const tags = allTags(stream);
  if (tags.length === 0) return [`Tags:\t${NONE}`];
  const blocks = displayTags(stream).map((tag) => describeTag(stream, tag, now));
  return [
    `Unique Images:\t${countImages(stream)}`,
    `Tags:\t${tags.length}`,
    '',
    ...blocks.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines])),
  ];
}

/** Events without an image count as one together: their pull specs are not told apart. */
function countImages({ status }: ImageStream): number {
  const events = (status.tags ?? []).flatMap(({ items }) => items ?? []);
  return new Set(events.map(({ image }) => image)).size;
}
