import type { TagReference } from '@tagtrail/image-stream';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import type { ConnectionFlags } from '../connection/connection-settings.ts';
import { openSession, type Session } from '../connection/open-session.ts';
import { insecureSourceNote } from '../streams/insecure-source-note.ts';
import { RESOURCES } from '../streams/resource.ts';
import type { Output } from '../terminal/output.ts';
import { tellWritten, type WriteFormat, type WrittenObjects } from '../terminal/written-objects.ts';
import { checkAliases } from './check-alias.ts';
import { deleteTag } from './delete-tag.ts';
import { planDeletions, planTags } from './plan-tags.ts';
import { setTag } from './set-tag.ts';
import { parseDestination, type StreamTagKey } from './tag-destination.ts';
import type { TagWish } from './tag-problem.ts';
import { parseSource, parseSourceKind, pinSource, TAG_HINT, type TagSource } from './tag-source.ts';

export interface TagFlags extends ConnectionFlags {
  readonly source?: string;
  readonly delete?: true;
  readonly alias?: true;
  readonly reference?: true;
  readonly scheduled?: true;
  readonly insecure?: true;
  readonly referencePolicy: string;
  readonly importMode?: string;
  readonly output?: WriteFormat;
}

/** `tag SOURCE DEST…` and `tag -d DEST…`: one destination after the other; the first that is refused ends it. */
export async function tagImages(
  args: readonly string[],
  flags: TagFlags,
  context: CommandContext,
): Promise<number> {
  if (args.length === 0) throw new CliError('usage', NO_ARGUMENTS, { hint: TAG_HINT });
  const session = openSession(flags, context);
  const written = tellWritten(context.output, flags.output);
  try {
    const tagging = { flags, session, written, output: context.output };
    if (flags.delete === true) await deleteTags(args, tagging);
    else await setTags(args, tagging);
  } finally {
    written.end();
  }
  return 0;
}

const NO_ARGUMENTS =
  'you must specify a source and at least one destination or one or more tags to delete';

interface Tagging {
  readonly flags: TagFlags;
  readonly session: Session;
  readonly written: WrittenObjects;
  readonly output: Pick<Output, 'note'>;
}

async function setTags([text = '', ...rest]: readonly string[], tagging: Tagging): Promise<void> {
  const { session, written, output } = tagging;
  const source = await resolveSource(text, tagging);
  const plan = planTags(toWish(rest, tagging, source));
  const missing = tagging.flags.alias === true ? await checkAliases(session, plan) : undefined;
  for (const planned of plan) {
    const object = await setTag(session, planned);
    written.add({ line: planned.line, name: resourceName(planned.key), object });
  }
  if (missing !== undefined) output.note(missing);
  const note = insecureSourceNote(plan.flatMap(({ definition }) => untrustedSource(definition)));
  if (note !== undefined && tagging.flags.output === undefined) output.note(note);
}

/** Where consumers of a tag pull from, if nobody but the import trusts it unseen. */
function untrustedSource({ from, importPolicy, referencePolicy, reference }: TagReference) {
  const isImported = from?.kind === 'DockerImage' && reference !== true;
  const isUntrusted = importPolicy.insecure === true && referencePolicy.type === 'Source';
  return isImported && isUntrusted ? [from.name] : [];
}

async function deleteTags(args: readonly string[], tagging: Tagging): Promise<void> {
  const { session, written } = tagging;
  for (const key of planDeletions(toWish(args, tagging))) {
    const object = await deleteTag(session, key);
    const { namespace, stream, tag } = key;
    const line =
      object === undefined
        ? `Image stream "${stream}" does not exist.`
        : `Deleted tag ${namespace}/${stream}:${tag}.`;
    written.add({ line, name: resourceName(key), object });
  }
}

function resourceName({ stream, tag }: StreamTagKey): string {
  return `${RESOURCES.istag}/${stream}:${tag}`;
}

/** SOURCE as it will be written; a stream's tag is looked up, unless the destination shall follow it. */
async function resolveSource(text: string, { flags, session }: Tagging): Promise<TagSource> {
  const source = parseSource(text, parseSourceKind(flags.source ?? ''), session.namespace);
  if (source.kind !== 'ImageStreamTag' || flags.alias === true) return source;
  const { namespace = session.namespace, name } = source.reference;
  const stream = await session.api.streams.get({ namespace, name });
  return pinSource(source.reference, stream, text);
}

function toWish(
  destinations: readonly string[],
  { flags, session }: Tagging,
  source?: TagSource,
): TagWish {
  const { namespace } = session;
  return {
    deleting: flags.delete === true,
    alias: flags.alias === true,
    reference: flags.reference === true,
    scheduled: flags.scheduled === true,
    insecure: flags.insecure === true,
    referencePolicy: flags.referencePolicy,
    importMode: flags.importMode ?? '',
    sourceKind: source?.kind ?? flags.source ?? '',
    source: source?.reference,
    destinations: destinations.map((text) => parseDestination(text, namespace)),
    namespace,
  };
}
