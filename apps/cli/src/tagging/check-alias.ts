import { type ImageStream, statusTag } from '@tagtrail/image-stream';
import { CliError } from '../cli-error.ts';
import type { Session } from '../connection/open-session.ts';
import { orElse } from '../connection/refusals.ts';
import { findStream } from '../streams/find-stream.ts';
import { followTagReference } from '../streams/follow-tag-reference.ts';
import type { PlannedTag } from './plan-tags.ts';
import { withTag } from './set-tag.ts';

/**
 * Says where aliases lead that are to be set: throws CliError `usage` when one would lead back to itself, and answers a
 * note when the tag that they follow is not there. `oc` writes both without a word. Throws ApiError.
 */
export async function checkAliases(
  { api }: Pick<Session, 'api'>,
  plan: readonly PlannedTag[],
): Promise<string | undefined> {
  const [first] = plan;
  const followed = first === undefined ? undefined : followedTag(first);
  if (first === undefined || followed === undefined) return undefined;
  const { namespace, stream: name } = first.key;
  for (const { key } of plan) if (key.tag === followed) throw circle(name, key.tag, followed);
  // Who may not read the stream is told by the server whether the tag may be written.
  const stream = await orElse<ImageStream | null | undefined>(
    () => findStream(api.streams, { namespace, name }),
    [403],
    async () => null,
  );
  if (stream === null) return undefined;
  if (stream === undefined) return missingTag(name, followed);
  for (const { key, definition } of plan) {
    const end = followTagReference(withTag(stream, definition), key.tag);
    if (!end.ok && end.reason === 'circular') throw circle(name, key.tag, followed);
  }
  return missingNote(stream, followed);
}

/** The tag of the same stream that an alias follows; undefined when it follows something else. */
function followedTag({ key, definition: { from } }: PlannedTag): string | undefined {
  const isOwn = from?.namespace === undefined || from.namespace === key.namespace;
  if (from?.kind !== 'ImageStreamTag' || !isOwn) return undefined;
  return from.name.slice(from.name.indexOf(':') + 1);
}

function circle(name: string, tag: string, followed: string): CliError {
  const problem = `cannot set up ${name}:${tag} to track ${name}:${followed}: it would lead back to itself`;
  return new CliError('usage', problem);
}

/** A tag that is there without a definition has images to follow, too. */
function missingNote(stream: ImageStream, tag: string): string | undefined {
  const end = followTagReference(stream, tag);
  if (end.ok || end.reason !== 'not-found' || statusTag(stream, end.tag) !== undefined) {
    return undefined;
  }
  return missingTag(stream.metadata.name, end.tag);
}

function missingTag(name: string, tag: string): string {
  return `note: there is no tag ${name}:${tag} yet; what tracks it has no image until there is`;
}
