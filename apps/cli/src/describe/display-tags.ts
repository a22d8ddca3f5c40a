import { type ImageStream, prioritizeTags } from '@tagtrail/image-stream';
import { followTagReference } from '../streams/follow-tag-reference.ts';

/** A tag that gets a block of its own, and the tags of the stream that lead to it. */
export interface DisplayTag {
  readonly tag: string;
  readonly aliases: readonly string[];
}

/** All tags of a stream in the order in which they matter: those of its status, and those that only its spec has. */
export function allTags({ spec, status }: ImageStream): readonly string[] {
  const tags = [
    ...(status.tags ?? []).map(({ tag }) => tag),
    ...(spec.tags ?? []).map(({ name }) => name),
  ];
  return prioritizeTags([...new Set(tags)]);
}

/** Aliases stand beside the tag that they lead to; one that leads nowhere stands by itself. */
export function displayTags(stream: ImageStream): readonly DisplayTag[] {
  const tags = allTags(stream);
  const targets = new Map(tags.map((tag) => [tag, aliasTarget(stream, tag)]));
  return tags
    .filter((tag) => targets.get(tag) === undefined)
    .map((tag) => ({ tag, aliases: tags.filter((alias) => targets.get(alias) === tag) }));
}

function aliasTarget(stream: ImageStream, tag: string): string | undefined {
  const followed = followTagReference(stream, tag);
  return followed.ok && followed.followed ? followed.tag : undefined;
}
