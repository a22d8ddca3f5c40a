import type { ImageStreamTag } from '@tagtrail/api-client';
import { IMAGE_API_VERSION, type TagReference } from '@tagtrail/image-stream';
import { CliError } from '../cli-error.ts';
import { checkTagName, type StreamTagKey, splitDestination } from './tag-destination.ts';
import { type TagWish, tagProblem } from './tag-problem.ts';
import { exactSource, nameWithinNamespace, type SourceReference } from './tag-source.ts';

/** A tag to be written, and the line to print once it is. */
export interface PlannedTag {
  readonly key: StreamTagKey;
  readonly definition: TagReference;
  readonly line: string;
}

/**
 * The tags that a wish sets, every one of them checked. Throws CliError `usage`. Unlike `oc`, nothing is written when
 * the last of several destinations is wrong.
 */
export function planTags(wish: TagWish): readonly PlannedTag[] {
  refuse(tagProblem(wish));
  const { source } = wish;
  if (source === undefined) return [];
  return wish.destinations.map((destination) => {
    const key = splitDestination(destination);
    checkTagName(key.tag);
    const definition = defineTag(wish, source, key);
    return { key, definition, line: lineOf(wish, source, key) };
  });
}

/** The tags that a wish deletes. Throws CliError `usage`. */
export function planDeletions(wish: TagWish): readonly StreamTagKey[] {
  refuse(tagProblem(wish));
  return wish.destinations.map(splitDestination);
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new CliError('usage', problem);
}

function defineTag(wish: TagWish, source: SourceReference, key: StreamTagKey): TagReference {
  const isImage = wish.sourceKind === 'DockerImage';
  return {
    name: key.tag,
    from: {
      kind: wish.sourceKind,
      ...(isImage ? { name: exactSource(source) } : sourceWithin(source, wish, key)),
    },
    ...(wish.reference && { reference: true }),
    // 0 asks for an import even if nothing else changes.
    generation: isImage ? 0 : null,
    importPolicy: {
      ...(wish.insecure && { insecure: true }),
      ...(wish.scheduled && { scheduled: true }),
      importMode: wish.importMode === 'PreserveOriginal' ? 'PreserveOriginal' : 'Legacy',
    },
    referencePolicy: { type: wish.referencePolicy === 'local' ? 'Local' : 'Source' },
  };
}

/** A source of another namespace than the destination's is named with it. */
function sourceWithin(source: SourceReference, wish: TagWish, key: StreamTagKey) {
  const foreign = key.namespace === wish.namespace ? undefined : wish.namespace;
  const namespace = source.namespace ?? foreign;
  const name = nameWithinNamespace(source);
  return { name, ...(namespace !== undefined && { namespace }) };
}

/** Source: `oc tag`; a periodic import into another namespace is "set to", not "set to import". */
function lineOf(wish: TagWish, reference: SourceReference, key: StreamTagKey): string {
  const source = exactSource(reference);
  const isOwn = key.namespace === wish.namespace;
  const tag = `${isOwn ? '' : `${key.namespace}/`}${key.stream}:${key.tag}`;
  if (wish.alias) return `Tag ${tag} set up to track ${source}.`;
  if (!wish.scheduled) return `Tag ${tag} set to ${source}.`;
  return `Tag ${tag} set to ${isOwn ? 'import ' : ''}${source} periodically.`;
}

/** What is sent for a planned tag. */
export function imageStreamTag({ key, definition }: PlannedTag): ImageStreamTag {
  return {
    kind: 'ImageStreamTag',
    apiVersion: IMAGE_API_VERSION,
    metadata: { name: `${key.stream}:${key.tag}`, namespace: key.namespace },
    tag: definition,
  };
}
