import { type ImageStream, resolvePullSpec, statusTag } from '@tagtrail/image-stream';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import type { ConnectionFlags } from '../connection/connection-settings.ts';
import { openSession } from '../connection/open-session.ts';
import { parseDestination } from '../tagging/tag-destination.ts';
import { formatStructured, type StructuredFormat } from '../terminal/structured-output.ts';
import { importFailure, missingImageReason } from './missing-image-reason.ts';
import { parseStreamTag } from './resource.ts';

export interface ResolveFlags extends ConnectionFlags {
  readonly output?: StructuredFormat;
}

/** `resolve [NAMESPACE/]STREAM:TAG`: what to pull, and on stderr what there is to know about it. */
export async function resolveTag(
  text: string,
  flags: ResolveFlags,
  context: CommandContext,
): Promise<number> {
  const session = openSession(flags, context);
  const { namespace, nameAndTag } = parseDestination(text, session.namespace);
  const { name, tag } = parseStreamTag(nameAndTag);
  const stream = await session.api.streams.get({ namespace, name });
  const resolved = resolvePullSpec(stream, tag);
  const { output } = context;
  const subject = `${name}:${tag}`;
  if (!resolved.ok) {
    const problem = `cannot resolve ${subject}: ${refusalReason(stream, tag, resolved.message)}`;
    throw new CliError('usage', problem);
  }
  const { pullSpec, hasNewer, isEmpty } = resolved;
  if (flags.output === undefined) output.line(pullSpec);
  else {
    const answer = { namespace, name, tag, pullSpec, hasNewer, isEmpty };
    output.line(formatStructured(answer, flags.output));
  }
  const note = noteOn(stream, tag, resolved);
  if (note !== undefined) output.note(`note: ${subject} ${note}`);
  return 0;
}

/** The words of the rules are about registries, where the image is what is missing. */
function refusalReason(stream: ImageStream, tag: string, message: string): string {
  const isDefined = stream.spec.tags?.some(({ name }) => name === tag) === true;
  return isDefined ? (missingImageReason(stream, tag) ?? 'it has no image yet') : message;
}

/** What somebody should know who pulls it, or undefined. */
function noteOn(
  stream: ImageStream,
  tag: string,
  { hasNewer, isEmpty }: { readonly hasNewer: boolean; readonly isEmpty: boolean },
): string | undefined {
  const isReference = stream.spec.tags?.find(({ name }) => name === tag)?.reference === true;
  const hasImage = (statusTag(stream, tag)?.items?.length ?? 0) > 0;
  if (hasImage) {
    const failure = importFailure(stream, tag);
    if (failure !== undefined) return `may have moved; this is the last image known; ${failure}`;
    return hasNewer ? NEWER : undefined;
  }
  // What is never imported has no image to wait for.
  if (isReference && !isEmpty) return undefined;
  const where = isEmpty ? 'this is where it will be' : 'this is its source as it is defined';
  const reason = missingImageReason(stream, tag);
  return `has no image yet; ${where}${reason === undefined ? '' : `; ${reason}`}`;
}

const NEWER = 'has a newer definition that is not imported yet; this is the last image known';
