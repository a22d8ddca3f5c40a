import { describe, expect, it } from 'vitest';
import { formatAge, formatDuration } from './duration.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [1_000, '1.0 s'],
    [9_999, '9.9 s'],
    [10_000, '10 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [320_000, '5 min 20 s'],
    [3_600_000, '1 h'],
    [11_100_000, '3 h 5 min'],
    [187_200_000, '2 d 4 h'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('formatAge', () => {
  it.each([
    [-400, 'just now'],
    [999, 'just now'],
    [1_000, '1 s ago'],
    [9_400, '9 s ago'],
    [10_000, '10 s ago'],
    [65_000, '1 min 5 s ago'],
  ])('writes what was %d ms ago as %s', (ms, text) => {
    expect(formatAge(ms)).toBe(text);
  });
});
