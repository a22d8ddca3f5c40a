import type { Mutator } from './mutator.ts';

/** A hostile text of about `size` characters: the same shape at every size. */
export type GrowthFamily = (size: number) => string;

/** One parser, and what must hold whatever it is given. */
export interface FuzzTarget {
  /** Also the name of its folder in the corpus. */
  readonly name: string;
  /** Pieces that mean something to the parser. */
  readonly dictionary: readonly string[];
  /** Changes that know the structure of the text; those of any text come on top. */
  readonly mutators: readonly Mutator[];
  /** Characters that the parser reads at most; the growth is measured up to here. */
  readonly limit: number;
  /** Gives the parser a text and answers whether it took it. Throws at anything that must not be. */
  readonly check: (input: string) => boolean;
  readonly growth: Readonly<Record<string, GrowthFamily>>;
}

/** Something that must hold did not. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Violation(what);
}

/** Both are the same as JSON says them, own `__proto__` members included. */
export function mustEqual(one: unknown, other: unknown, what: string): void {
  const [a, b] = [JSON.stringify(one), JSON.stringify(other)];
  if (a !== b) throw new Violation(`${what}: ${short(a)} is not ${short(b)}`);
}

/** Characters of a value that a message shows. */
const SHOWN = 200;

function short(text: string | undefined): string {
  return (text ?? 'undefined').slice(0, SHOWN);
}
