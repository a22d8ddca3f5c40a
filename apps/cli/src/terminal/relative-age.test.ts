import { describe, expect, it } from 'vitest';
import { ageAgo, timeUntil } from './relative-age.ts';

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
