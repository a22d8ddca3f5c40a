import type { Mutator, Surroundings } from './mutator.ts';
import { TEXT_MUTATORS } from './text-mutators.ts';

/** Characters of a random text at most: parsers are tried on many small texts; long ones are for the growth. */
export const INPUT_LENGTH = 4_096;
/** Changes made to one text at most. */
const CHANGES = 6;

/** A kept text with some changes: those that know its structure as often as those of any text. */
export function makeInput(mutators: readonly Mutator[], surroundings: Surroundings): string {
  const { random, corpus } = surroundings;
  let text = random.pick(corpus);
  for (let left = random.below(CHANGES + 1); left > 0; left -= 1) {
    const choices = mutators.length > 0 && random.once(2) ? mutators : TEXT_MUTATORS;
    text = choices[random.below(choices.length)]?.(text, surroundings) ?? text;
  }
  return text.slice(0, INPUT_LENGTH);
}
