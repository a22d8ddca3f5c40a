import { describe, expect, it } from 'vitest';
import { formatAge } from './format-age.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('formatAge', () => {
  it.each([
    [-5 * SECOND, 'Less than a second'],
    [0, 'Less than a second'],
    [999, 'Less than a second'],
    [SECOND, '1 second'],
    [1999, '1 second'],
    [2 * SECOND, '2 seconds'],
    [59_999, '59 seconds'],
    [MINUTE, 'About a minute'],
    [2 * MINUTE - 1, 'About a minute'],
    [2 * MINUTE, '2 minutes'],
    [HOUR - 1, '59 minutes'],
    [HOUR, 'About an hour'],
    [90 * MINUTE - 1, 'About an hour'],
    [90 * MINUTE, '2 hours'],
    [47 * HOUR, '47 hours'],
    [47.5 * HOUR, '2 days'],
    [13 * DAY, '13 days'],
    [14 * DAY, '2 weeks'],
    [59 * DAY, '8 weeks'],
    [60 * DAY, '2 months'],
    [729 * DAY, '24 months'],
    [730 * DAY, '2 years'],
    [1095 * DAY - 1, '2 years'],
    [1095 * DAY, '3 years'],
  ])('says %d ms as "%s"', (ms, words) => {
    expect(formatAge(ms)).toBe(words);
  });

  it('ends where the durations of Go end, so that a time never set is 292 years old', () => {
    const zeroTime = Date.parse('0001-01-01T00:00:00Z');
    expect(formatAge(Date.parse('2026-11-23T05:27:57Z') - zeroTime)).toBe('292 years');
    expect(formatAge(Number.POSITIVE_INFINITY)).toBe('292 years');
  });
});
