import { describe, expect, it } from 'vitest';
import { slotKey } from './slot-key.ts';

describe('slotKey', () => {
  it('puts the slot into a hash tag and the parts behind it', () => {
    expect(slotKey('tagtrail', 'is', 'ns/name')).toBe('{tagtrail}:is:ns/name');
  });

  it('names the slot itself without parts', () => {
    expect(slotKey('tagtrail')).toBe('{tagtrail}');
  });

  it.each(['', 'a b', '{a}', 'a}b'])(
    'refuses the slot %j, which would break the hash tag',
    (slot) => {
      expect(() => slotKey(slot, 'x')).toThrow('without braces');
    },
  );
});
