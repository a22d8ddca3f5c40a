import { describe, expect, it } from 'vitest';
import { formatSpan } from './format-span.ts';

describe('formatSpan', () => {
  it.each([
    [-5, '0 s'],
    [0, '0 s'],
    [40, '0.0 s'],
    [420, '0.4 s'],
    [9_949, '9.9 s'],
    [10_000, '10 s'],
    [119_999, '119 s'],
    [120_000, '2 minutes'],
    [3_600_000, 'about an hour'],
  ])('%s ms → %s', (ms, expected) => {
    expect(formatSpan(ms)).toBe(expected);
  });
});
