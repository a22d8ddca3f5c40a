import { describe, expect, it } from 'vitest';
import { ageAgo, humanDuration, timeUntil } from './relative-age.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('humanDuration', () => {
  it.each([
    [-5 * SECOND, 'Less than a second'],
    [999, 'Less than a second'],
    [SECOND, '1 second'],
    [1999, '1 second'],
    [59_999, '59 seconds'],
    [MINUTE, 'About a minute'],
    [2 * MINUTE - 1, 'About a minute'],
    [2 * MINUTE, '2 minutes'],
    [59 * MINUTE, '59 minutes'],
    [HOUR, 'About an hour'],
    [89 * MINUTE, 'About an hour'],
    [90 * MINUTE, '2 hours'],
    [47 * HOUR, '47 hours'],
    [2 * DAY, '2 days'],
    [13 * DAY, '13 days'],
    [14 * DAY, '2 weeks'],
    [59 * DAY, '8 weeks'],
    [60 * DAY, '2 months'],
    [729 * DAY, '24 months'],
    [730 * DAY, '2 years'],
    [1095 * DAY, '3 years'],
  ])('says %d ms as "%s"', (ms, words) => {
    expect(humanDuration(ms)).toBe(words);
  });
});

describe('ageAgo and timeUntil', () => {
  const now = Date.parse('2026-11-23T05:27:57Z');

  it('counts back from now', () => {
    expect(ageAgo('2026-11-23T05:25:57Z', now)).toBe('2 minutes ago');
  });

  it('says nothing of a time that is absent or no time', () => {
    expect(ageAgo(undefined, now)).toBe('');
    expect(ageAgo(null, now)).toBe('');
    expect(timeUntil('soon', now)).toBe('');
  });

  it('counts ahead, in lower case within the sentence', () => {
    expect(timeUntil('2026-11-23T05:28:02Z', now)).toBe('in 5 seconds');
    expect(timeUntil('2026-11-23T06:27:57Z', now)).toBe('in about an hour');
    expect(timeUntil('2026-11-23T05:27:57Z', now)).toBe('now');
  });
});
