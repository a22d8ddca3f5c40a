import type { NamedTagEventList, TagEventCondition, TagReference } from './image-stream.ts';
import type { LookOutcome } from './import-outcome.ts';

/**
 * The condition that a failed look writes, or undefined when the tag already has it. Source: OpenShift's commit of a
 * failed import, which compares reason and message only.
 */
export function failureCondition(
  list: NamedTagEventList | undefined,
  { tag, outcome }: { readonly tag: TagReference; readonly outcome: Failure },
  written: { readonly generation: number; readonly timestamp: string },
): TagEventCondition | undefined {
  const known = list?.conditions?.find((entry) => entry.type === 'ImportSuccess');
  const message = outcome.message === '' ? 'unknown error prevented import' : outcome.message;
  if (known && isRepeated(known, { reason: outcome.reason, message }, tag)) return undefined;
  return {
    type: 'ImportSuccess',
    status: 'False',
    lastTransitionTime: written.timestamp,
    reason: outcome.reason,
    message,
    generation: written.generation,
  };
}

type Failure = LookOutcome & { readonly kind: 'failed' };

/**
 * Registries put counters, waits and request ids into their words; else each retry would be a new version of the record.
 * So words with a digit do not count, as long as the tag is the very one that failed before.
 */
function isRepeated(
  known: TagEventCondition,
  { reason, message }: { readonly reason: string; readonly message: string },
  tag: TagReference,
): boolean {
  if (known.status !== 'False' || known.reason !== reason) return false;
  if (known.message === message) return true;
  const unedited = typeof tag.generation === 'number' && tag.generation <= known.generation;
  return unedited && withoutNumbers(known.message) === withoutNumbers(message);
}

function withoutNumbers(message: string): string {
  return message
    .split(' ')
    .map((word) => (/\d/.test(word) ? '#' : word))
    .join(' ');
}
