import fc from 'fast-check';

const CLIENTS = 3;
/** Two repositories of one host, and one of another. */
export const SOURCES = ['quay.io/acme/app', 'quay.io/acme/other', 'ghcr.io/acme/app'];

interface TagWish {
  readonly name: string;
  readonly source: number;
  readonly scheduled: boolean;
  readonly reference: boolean;
}
export type Wish =
  | {
      readonly kind: 'define';
      readonly tags: readonly TagWish[];
      readonly suspended: boolean;
      readonly follows: boolean;
    }
  | { readonly kind: 'delete' }
  | { readonly kind: 'record'; readonly looks: readonly LookWish[] }
  | { readonly kind: 'touch'; readonly tag: string };
export interface LookWish {
  readonly tag: string;
  readonly digit: string;
  readonly outcome: 'imported' | 'unchanged' | 'failed';
  readonly late: boolean;
  readonly stale: boolean;
}
/** A client reads and makes up its mind, or writes what it made up, however long ago; or a producer claims. */
export type Step =
  | { readonly kind: 'read'; readonly client: number; readonly name: string; readonly wish: Wish }
  | { readonly kind: 'write'; readonly client: number }
  | { readonly kind: 'claim' };

// Unevenly, so that clients meet.
const tag = fc.constantFrom('x', 'x', 'y');
const wish: fc.Arbitrary<Wish> = fc.oneof(
  fc.record({
    kind: fc.constant('define' as const),
    tags: fc.array(
      fc.record({
        name: tag,
        source: fc.nat({ max: SOURCES.length - 1 }),
        scheduled: fc.boolean(),
        reference: fc.boolean(),
      }),
      { maxLength: 2 },
    ),
    suspended: fc.boolean(),
    follows: fc.boolean(),
  }),
  fc.constant({ kind: 'delete' as const }),
  fc.record({
    kind: fc.constant('record' as const),
    looks: fc.array(
      fc.record({
        tag,
        digit: fc.constantFrom('1', '2', '3'),
        outcome: fc.constantFrom('imported', 'unchanged', 'failed'),
        late: fc.boolean(),
        stale: fc.boolean(),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  fc.record({ kind: fc.constant('touch' as const), tag }),
);
const client = fc.nat({ max: CLIENTS - 1 });
export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      client,
      name: fc.constantFrom('a', 'a', 'b'),
      wish,
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('write' as const), client }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'claim' as const }) },
);
