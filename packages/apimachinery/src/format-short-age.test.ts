import { describe, expect, it } from 'vitest';
import { formatShortAge } from './format-short-age.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('formatShortAge', () => {
  it.each([
    [-5 * SECOND, '0s'],
    [0, '0s'],
    [119 * SECOND, '119s'],
    [2 * MINUTE, '2m'],
    [9 * MINUTE + 59 * SECOND, '9m59s'],
    [10 * MINUTE + 59 * SECOND, '10m'],
    [179 * MINUTE, '179m'],
    [3 * HOUR, '3h'],
    [7 * HOUR + 59 * MINUTE, '7h59m'],
    [8 * HOUR + 59 * MINUTE, '8h'],
    [47 * HOUR, '47h'],
    [2 * DAY, '2d'],
    [7 * DAY + 23 * HOUR, '7d23h'],
    [8 * DAY + 23 * HOUR, '8d'],
    [729 * DAY, '729d'],
    [731 * DAY, '2y1d'],
    [8 * 365 * DAY, '8y'],
    [Number.NaN, '<unknown>'],
  ])('writes %d ms as kubectl does: %s', (ms, text) => {
    expect(formatShortAge(ms)).toBe(text);
  });
});
