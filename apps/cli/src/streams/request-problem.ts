import type { GetFlags } from './found-objects.ts';
import type { NamedObjects } from './resource.ts';

/** What contradicts itself in a request for objects, or asks for what there is not; undefined when nothing does. */
export function requestProblem(wanted: NamedObjects, flags: GetFlags): string | undefined {
  return namesProblem(wanted, flags) ?? kindProblem(wanted, flags);
}

function namesProblem({ names }: NamedObjects, flags: GetFlags): string | undefined {
  if (names.length === 0) return undefined;
  if (flags.allNamespaces) return 'a name belongs to one namespace: leave out -A';
  if (flags.selector !== undefined) return 'give either names or -l, not both';
  if (flags.watch && names.length > 1) return 'watch one name, or all: leave out names or -w';
  return undefined;
}

/** A stream's checks are read together. */
function checksProblem(names: readonly string[]): string | undefined {
  const tag = names.find((name) => name.includes(':'));
  if (tag === undefined) return undefined;
  return `"${tag}" is a tag: name the stream, \`tagtrail get checks ${tag.split(':', 1)[0]}\``;
}

/** Only streams can be watched; images and checks have no labels; of images there is no list. */
function kindProblem({ kind, names }: NamedObjects, flags: GetFlags): string | undefined {
  if (kind === 'is') return undefined;
  if (flags.watch) return `${kind} cannot be watched; \`tagtrail watch\` shows moves`;
  if (kind === 'istag' || kind === 'secret') return undefined;
  if (flags.selector !== undefined) return `${kind} have no labels: leave out -l`;
  if (kind === 'token') return undefined;
  if (kind === 'checks') return checksProblem(names);
  if (names.length > 0) return undefined;
  return `there is no list of ${kind}: name them (${kind === 'isimage' ? 'STREAM@DIGEST' : 'DIGEST'})`;
}
