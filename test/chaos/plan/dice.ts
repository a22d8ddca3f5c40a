/** Draws that depend on nothing but the seed and the name of their lane. */
export interface Dice {
  /** In [0, 1). */
  next(): number;
  between(least: number, most: number): number;
  chance(share: number): boolean;
  pick<T>(choices: readonly T[]): T;
  shuffle<T>(cards: readonly T[]): readonly T[];
}

/** Dice of their own for each lane of a plan, so that a change to one lane leaves the others as they were. */
export function createDice(seed: number, lane: string): Dice {
  const random = mulberry32(hash(`${seed}/${lane}`));
  const below = (limit: number) => Math.floor(random() * limit);
  return {
    next: random,
    between: (least, most) => least + random() * (most - least),
    chance: (share) => random() < share,
    pick: (choices) => {
      const choice = choices[below(choices.length)];
      if (choice === undefined) throw new RangeError('nothing to pick from');
      return choice;
    },
    shuffle: (cards) =>
      cards
        .map((card) => ({ card, place: random() }))
        .sort((a, b) => a.place - b.place)
        .map(({ card }) => card),
  };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (const character of text) {
    sum = Math.imul(sum ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return sum >>> 0;
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
