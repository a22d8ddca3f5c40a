import { parseDestination } from '../tag-destination.ts';
import type { TagWish } from '../tag-problem.ts';
import { parseSource } from '../tag-source.ts';

/** For tests: the wish to tag `source` as `destinations`, in namespace demo; only the differing fields given. */
export function aWish(
  fields: Partial<Omit<TagWish, 'destinations' | 'source'>> & {
    readonly from?: string;
    readonly to?: string;
  } = {},
): TagWish {
  const { from = 'quay.io/acme/ruby:3', to = 'ruby:tip', ...rest } = fields;
  const source = from === '' ? undefined : parseSource(from, undefined, 'demo');
  return {
    deleting: false,
    alias: false,
    reference: false,
    scheduled: false,
    insecure: false,
    referencePolicy: 'source',
    importMode: '',
    sourceKind: source?.kind ?? '',
    source: source?.reference,
    destinations: to
      .split(' ')
      .flatMap((text) => (text === '' ? [] : parseDestination(text, 'demo'))),
    namespace: 'demo',
    ...rest,
  };
}
