import { describe, expect, it } from 'vitest';
import { isOvertaken } from './is-overtaken.ts';
import { failed, imported, look } from './testing/a-record.ts';
import { D1, D2 } from './testing/a-stream.ts';

/** The last look that counted ended when fence 7 was the newest, and moved the tag from D1 to D2. */
const moved = { fence: 7, outcome: 'imported' } as const;
const unmoved = { fence: 7, outcome: 'unchanged' } as const;

describe('a requested look is overtaken', () => {
  it('by one that ended after it', () => {
    expect(isOvertaken(look(5, imported(D2), { endFence: 6 }), moved, D1)).toBe(true);
    expect(isOvertaken(look(7, imported(D2)), moved, D1)).toBe(true);
  });

  it('by one that overlapped it and moved the tag away from what it saw', () => {
    expect(isOvertaken(look(5, imported(D1), { endFence: 9 }), moved, D1)).toBe(true);
    expect(isOvertaken(look(5, imported(D1), { endFence: 7 }), moved, D1)).toBe(true);
  });

  it('not by one that overlapped it and saw the same, or an older image', () => {
    expect(isOvertaken(look(5, imported(D2), { endFence: 9 }), moved, D1)).toBe(false);
    expect(isOvertaken(look(5, imported(D1), { endFence: 9 }), unmoved, D1)).toBe(false);
    expect(isOvertaken(look(5, failed('no'), { endFence: 9 }), moved, D1)).toBe(false);
  });

  it('not by one that was over before it began', () => {
    expect(isOvertaken(look(8, imported(D1), { endFence: 9 }), moved, D1)).toBe(false);
    expect(isOvertaken(look(8, imported(D1)), moved, D1)).toBe(false);
  });
});
