import { formProblem, type TagDestination } from './tag-destination.ts';
import type { SourceReference } from './tag-source.ts';

/** What a command line asks for, its source resolved. */
export interface TagWish {
  readonly deleting: boolean;
  readonly alias: boolean;
  readonly reference: boolean;
  readonly scheduled: boolean;
  readonly insecure: boolean;
  readonly referencePolicy: string;
  readonly importMode: string;
  /** The kind of the source; what `--source` says when deleting. Empty when nothing says it. */
  readonly sourceKind: string;
  readonly source?: SourceReference | undefined;
  readonly destinations: readonly TagDestination[];
  /** The namespace of the command. */
  readonly namespace: string;
}

/** The first thing wrong with a wish, or undefined. Order and words are those of `oc tag`. */
export function tagProblem(wish: TagWish): string | undefined {
  if (wish.deleting && wish.alias) return '--alias and --delete may not be both specified';
  if (wish.referencePolicy !== 'source' && wish.referencePolicy !== 'local') {
    return "reference policy must be set to 'source' or 'local'";
  }
  return (
    (wish.deleting ? deletingProblem(wish) : sourceProblem(wish)) ??
    destinationProblem(wish) ??
    (wish.alias ? aliasProblem(wish) : undefined) ??
    importModeProblem(wish)
  );
}

function deletingProblem(wish: TagWish): string | undefined {
  if (wish.sourceKind !== '') return 'cannot specify a source kind when deleting';
  if (wish.source !== undefined) return 'cannot specify a source when deleting';
  if (hasImportFlags(wish)) return 'cannot set flags for importing images when deleting a tag';
  return wish.importMode === '' ? undefined : 'cannot specify an import mode when deleting';
}

function sourceProblem(wish: TagWish): string | undefined {
  if (wish.sourceKind === '') return 'a source kind is required';
  return wish.source === undefined ? 'a source is required' : undefined;
}

function destinationProblem(wish: TagWish): string | undefined {
  if (wish.destinations.length === 0) return 'at least a destination is required';
  const isImage = wish.sourceKind === 'DockerImage';
  if (isImage || !hasImportFlags(wish)) return undefined;
  return 'only container images can have importing flags set';
}

function aliasProblem(wish: TagWish): string | undefined {
  if (hasImportFlags(wish)) {
    return 'cannot set a container image tag as an alias and also set import flags';
  }
  const across = 'cannot set alias across different Image Streams';
  for (const { namespace, nameAndTag } of wish.destinations) {
    if (namespace !== wish.namespace) return across;
    const colon = nameAndTag.indexOf(':');
    if (colon < 0) return formProblem(nameAndTag);
    if (nameAndTag.slice(0, colon) !== wish.source?.name) return across;
  }
  return undefined;
}

function importModeProblem({ importMode }: TagWish): string | undefined {
  if (['', 'Legacy', 'PreserveOriginal'].includes(importMode)) return undefined;
  return 'valid ImportMode values are Legacy or PreserveOriginal';
}

function hasImportFlags({ scheduled, insecure }: TagWish): boolean {
  return scheduled || insecure;
}
