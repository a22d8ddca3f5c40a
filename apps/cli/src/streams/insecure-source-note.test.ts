import { describe, expect, it } from 'vitest';
import { insecureSourceNote } from './insecure-source-note.ts';

function hostsIn(...pullSpecs: readonly string[]): string | undefined {
  return /trusts (.*) without/u.exec(insecureSourceNote(pullSpecs) ?? '')?.[1];
}

describe('insecureSourceNote', () => {
  it('has nothing to say about nothing', () => {
    expect(insecureSourceNote([])).toBeUndefined();
  });

  it('names each registry once, and not more than a few', () => {
    expect(hostsIn('nginx:1', 'docker.io/a/b')).toBe('docker.io');
    expect(hostsIn('a.io/x', 'b.io/x:1', 'b.io/y')).toBe('a.io, b.io');
    expect(hostsIn('a.io/x', 'b.io/x', 'c.io/x', 'd.io/x', 'e.io/x')).toBe(
      'a.io, b.io, c.io and 2 more',
    );
  });

  it('leaves out what is no pull spec', () => {
    expect(hostsIn('A B')).toBeUndefined();
    expect(hostsIn('A B', 'quay.io/a')).toBe('quay.io');
  });
});
