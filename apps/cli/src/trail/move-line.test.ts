import { describe, expect, it } from 'vitest';
import { moveLine, pushRemark, shortDigest } from './move-line.ts';
import type { TagMove } from './tag-move.ts';

const move: TagMove = {
  namespace: 'demo',
  name: 'web',
  tag: 'latest',
  from: `sha256:ab12${'0'.repeat(60)}`,
  to: `sha256:cd34${'f'.repeat(60)}`,
  dockerImageReference: '127.0.0.1:5451/demo/web@sha256:cd34',
  created: '2026-11-23T05:27:57Z',
};

describe('moveLine', () => {
  it('shows where the tag was and where it is', () => {
    expect(moveLine(move, 'seen 0.4 s after the push', { colors: false })).toBe(
      'demo/web:latest  sha256:ab120000… → sha256:cd34ffff…  seen 0.4 s after the push',
    );
  });

  it('says first seen of a first image, and nothing after it without a remark', () => {
    expect(moveLine({ ...move, from: null }, '', { colors: false })).toBe(
      'demo/web:latest  sha256:cd34ffff… first seen',
    );
  });

  it('uses colours only when asked', () => {
    expect(moveLine(move, '', { colors: true })).toContain('\u001b[1mdemo/web:latest\u001b[22m');
  });
});

describe('shortDigest', () => {
  it('leaves a text that is no digest alone', () => {
    expect(shortDigest('none')).toBe('none');
    expect(shortDigest('sha256:abc')).toBe('sha256:abc');
  });
});

describe('pushRemark', () => {
  it.each([
    [-5, 'seen 0.0 s after the push'],
    [420, 'seen 0.4 s after the push'],
    [31_400, 'seen 31 s after the push'],
    [180_000, 'seen 3 minutes after the push'],
  ])('says %d ms as "%s"', (lag, words) => {
    expect(pushRemark(1000, 1000 + lag)).toBe(words);
  });
});
