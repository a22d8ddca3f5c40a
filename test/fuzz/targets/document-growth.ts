import { filled } from '../engine/filled.ts';
import type { GrowthFamily } from '../engine/fuzz-target.ts';

/** Hostile shapes of any JSON object: `open` begins one, and anything may follow. */
export function documentGrowth(open: string): Readonly<Record<string, GrowthFamily>> {
  return {
    'open brackets': (size) => filled(size, '[', [`${open}"x":`, '']),
    'closed brackets': (size) => filled(size, '[],', [`${open}"x":[`, '[]]}']),
    'open objects': (size) => filled(size, '{"a":'),
    commas: (size) => filled(size, ',', [`${open}"x":[`, ']}']),
    colons: (size) => filled(size, ':'),
    quotes: (size) => filled(size, '"'),
    'an open string of escapes': (size) => filled(size, '\\"', [`${open}"x":"`, '']),
    'a string of escapes': (size) => filled(size, '\\u0061', [`${open}"x":"`, '"}']),
    digits: (size) => filled(size, '9', [`${open}"size":`, '}']),
    blanks: (size) => filled(size, ' \n', [open, '}']),
    'a long key': (size) => filled(size, 'k', [`${open}"`, '":1}']),
    'a long key with an escape': (size) => filled(size, 'k', [`${open}"\\u006b`, '":1}']),
    'many keys': (size) => filled(size, (at) => `"k${at}":0,`, [open, '"end":0}']),
    'many keys with escapes': (size) =>
      filled(size, (at) => `"\\u006b${at}":0,`, [open, '"end":0}']),
    'many keys that are long in capitals': (size) =>
      filled(size, (at) => `"\u0149\u0390${at}":0,`, [open, '"end":0}']),
    'many objects': (size) => filled(size, '{"a":1},', [`${open}"x":[`, '{}]}']),
  };
}
