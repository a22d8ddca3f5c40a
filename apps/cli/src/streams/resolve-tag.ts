import { resolvePullSpec } from '@tagtrail/image-stream';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import type { ConnectionFlags } from '../connection/connection-settings.ts';
import { openSession } from '../connection/open-session.ts';
import { formatStructured, type StructuredFormat } from '../terminal/structured-output.ts';
import { parseStreamTag } from './resource.ts';

export interface ResolveFlags extends ConnectionFlags {
  readonly output?: StructuredFormat;
}

/** `resolve STREAM:TAG`: what to pull, and on stderr what there is to know about it. */
export async function resolveTag(
  text: string,
  flags: ResolveFlags,
  context: CommandContext,
): Promise<number> {
  const { name, tag } = parseStreamTag(text);
  const { api, namespace } = openSession(flags, context);
  const stream = await api.streams.get({ namespace, name });
  const resolved = resolvePullSpec(stream, tag);
  const { output } = context;
  const subject = `${name}:${tag}`;
  if (!resolved.ok) throw new CliError('usage', `cannot resolve ${subject}: ${resolved.message}`);
  const { pullSpec, hasNewer, isEmpty } = resolved;
  if (flags.output === undefined) output.line(pullSpec);
  else {
    const answer = { namespace, name, tag, pullSpec, hasNewer, isEmpty };
    output.line(formatStructured(answer, flags.output));
  }
  if (hasNewer) output.note(`note: ${subject} ${NEWER}`);
  if (isEmpty) output.note(`note: ${subject} ${EMPTY}`);
  return 0;
}

const NEWER = 'has a newer definition that is not imported yet; this is the last image known';
const EMPTY = 'has no image yet; this is where it will be';
