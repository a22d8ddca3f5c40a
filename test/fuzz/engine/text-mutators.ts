import type { Mutator } from './mutator.ts';
import type { Random } from './random.ts';

/** Longest stretch that is removed, repeated or moved at once. */
const STRETCH = 32;
/** A stretch or a token is repeated up to two to the power of this many times. */
const DOUBLINGS = 8;

/** Characters at which parsers go wrong: borders of classes, blanks of all kinds, surrogates, letters that change their length. */
const ODD_CHARACTERS: readonly [string, ...string[]] = [
  '\0',
  ...'\t\n\r "\'\\/:;,.@#%&*!?|<>=+-_~`^$()[]{}09azAZ',
  '\u007f',
  '\u0085',
  '\u00a0',
  '\u0130',
  '\u017f',
  '\u212a',
  '\u2028',
  '\ufeff',
  '\ufffd',
  '\ud800',
  '\u{1f600}',
];

const NUMBERS = [
  '0',
  '-1',
  '1e9',
  '00',
  '0x10',
  '2147483648',
  '9007199254740993',
  '99999999999999999999',
  '1.5',
  'NaN',
] as const;

const insertToken: Mutator = (text, { random, dictionary }) =>
  inserted(text, random, random.pick(dictionary));

const insertCharacter: Mutator = (text, { random }) =>
  inserted(text, random, random.pick(ODD_CHARACTERS));

const repeatToken: Mutator = (text, { random, dictionary }) =>
  inserted(text, random, random.pick(dictionary).repeat(times(random)));

const replaceCharacter: Mutator = (text, { random }) => {
  const at = random.below(text.length);
  return text.slice(0, at) + random.pick(ODD_CHARACTERS) + text.slice(at + 1);
};

const removeStretch: Mutator = (text, { random }) => {
  const [from, to] = stretch(text, random);
  return text.slice(0, from) + text.slice(to);
};

const repeatStretch: Mutator = (text, { random }) => {
  const [from, to] = stretch(text, random);
  return text.slice(0, from) + text.slice(from, to).repeat(times(random)) + text.slice(to);
};

const moveStretch: Mutator = (text, { random }) => {
  const [from, to] = stretch(text, random);
  return inserted(text.slice(0, from) + text.slice(to), random, text.slice(from, to));
};

/** The beginning of this text and the end of another. */
const splice: Mutator = (text, { random, corpus }) => {
  const other = random.pick(corpus);
  return text.slice(0, random.below(text.length + 1)) + other.slice(random.below(other.length + 1));
};

const cutOff: Mutator = (text, { random }) => text.slice(0, random.below(text.length + 1));

const changeNumber: Mutator = (text, { random }) => {
  const from = random.below(text.length);
  const { 0: digits = '', index = 0 } = /\d+/.exec(text.slice(from)) ?? {};
  if (digits === '') return text;
  return (
    text.slice(0, from + index) + random.pick(NUMBERS) + text.slice(from + index + digits.length)
  );
};

function inserted(text: string, random: Random, piece: string): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + piece + text.slice(at);
}

function stretch(text: string, random: Random): [from: number, to: number] {
  const from = random.below(text.length);
  return [from, Math.min(text.length, from + 1 + random.below(STRETCH))];
}

function times(random: Random): number {
  return 2 ** random.below(DOUBLINGS + 1);
}

/** Changes of any text. */
export const TEXT_MUTATORS: readonly Mutator[] = [
  insertToken,
  insertToken,
  insertCharacter,
  replaceCharacter,
  removeStretch,
  repeatStretch,
  moveStretch,
  repeatToken,
  splice,
  cutOff,
  changeNumber,
];
