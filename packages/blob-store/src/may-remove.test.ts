import type { Digest } from '@tagtrail/image-reference';
import { describe, expect, it } from 'vitest';
import { mayRemove } from './may-remove.ts';

const digest: Digest = `sha256:${'a'.repeat(64)}`;
const nobody = { unusedSince: 100, isHeld: () => false };

describe('a blob', () => {
  it('may go when it was not used since then', () => {
    expect(mayRemove({ digest, usedAt: 100 }, nobody)).toBe(true);
  });

  it('stays when it was used later', () => {
    expect(mayRemove({ digest, usedAt: 101 }, nobody)).toBe(false);
  });

  it('stays as long as somebody holds it, however old its last use is', () => {
    const isHeld = (one: Digest) => one === digest;
    expect(mayRemove({ digest, usedAt: 0 }, { unusedSince: 100, isHeld })).toBe(false);
  });
});
