import type { Mutator } from './mutator.ts';
import type { Random } from './random.ts';

type Fields = Record<string, unknown>;
/** A member or an element, and where it hangs. */
interface Place {
  readonly owner: Fields | unknown[];
  readonly key: string;
}

/** JSON written as is: what `JSON.stringify` cannot say, or says of a value that is not what belongs here. */
const ODD_VALUES = [
  'null',
  'true',
  '-0',
  '0.5',
  '1e400',
  '9007199254740993',
  '""',
  '"\\ud800"',
  '[]',
  '{}',
  '[null]',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '[[[[[[[[]]]]]]]]',
] as const;
const ODD_KEYS = ['__proto__', 'constructor', 'toString', '', 'size', '\u017fize'] as const;
/** Stands for a value that is put in as a text once the rest is written. */
const MARK = '\u0001odd\u0001';

function withTree(text: string, change: (place: Place, root: unknown) => void, random: Random) {
  const root = parsed(text);
  const places = [...placesOf(root)];
  const place = places[random.below(places.length)];
  if (place === undefined) return text;
  change(place, root);
  return JSON.stringify(root, undefined, random.once(4) ? 2 : undefined);
}

const replaceValue: Mutator = (text, { random }) =>
  withTree(text, ({ owner, key }) => set(owner, key, MARK), random).replace(
    JSON.stringify(MARK),
    () => random.pick(ODD_VALUES),
  );

const replaceByToken: Mutator = (text, { random, dictionary }) =>
  withTree(text, ({ owner, key }) => set(owner, key, random.pick(dictionary)), random);

const removeMember: Mutator = (text, { random }) =>
  withTree(
    text,
    ({ owner, key }) => {
      if (Array.isArray(owner)) owner.splice(Number(key), 1);
      else delete owner[key];
    },
    random,
  );

/** A value gets a second place, under another name or further on in the list. */
const copyMember: Mutator = (text, { random, dictionary }) =>
  withTree(
    text,
    ({ owner, key }) => {
      const value = Array.isArray(owner) ? owner[Number(key)] : owner[key];
      if (Array.isArray(owner)) owner.splice(random.below(owner.length + 1), 0, value);
      else set(owner, random.once(2) ? random.pick(ODD_KEYS) : random.pick(dictionary), value);
    },
    random,
  );

/** The same key in other capitals, with an escape, or a second time. */
const respellKey: Mutator = (text, { random }) => {
  const keys = [...text.matchAll(/"(\w+)"\s*:/g)];
  const match = keys[random.below(keys.length)];
  if (match === undefined) return text;
  const [whole, key = ''] = match;
  const escaped = `\\u${key.charCodeAt(0).toString(16).padStart(4, '0')}${key.slice(1)}`;
  const spelled = random.pick([key.toUpperCase(), escaped, `${key}":0,"${key}`]);
  return `${text.slice(0, match.index)}"${spelled}":${text.slice(match.index + whole.length)}`;
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function* placesOf(node: unknown): Generator<Place> {
  if (typeof node !== 'object' || node === null) return;
  const owner = node as Place['owner'];
  for (const [key, value] of Object.entries(owner)) {
    yield { owner, key };
    yield* placesOf(value);
  }
}

function set(owner: Place['owner'], key: string, value: unknown): void {
  // Plain assignment to `__proto__` would set the prototype of the tree and write nothing.
  Object.defineProperty(owner, key, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

/** Changes of a JSON document; a text that is none stays as it is. */
export const JSON_MUTATORS: readonly Mutator[] = [
  replaceValue,
  replaceByToken,
  removeMember,
  copyMember,
  respellKey,
];
