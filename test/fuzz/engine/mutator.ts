import type { Random } from './random.ts';

/** What a change is made with. */
export interface Surroundings {
  readonly random: Random;
  readonly dictionary: readonly [string, ...string[]];
  readonly corpus: readonly [string, ...string[]];
}

/** Makes another text of one. */
export type Mutator = (text: string, surroundings: Surroundings) => string;
