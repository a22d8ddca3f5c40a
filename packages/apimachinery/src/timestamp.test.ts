import { describe, expect, it } from 'vitest';
import { formatTimestamp } from './timestamp.ts';

describe('formatTimestamp', () => {
  it('drops the milliseconds', () => {
    expect(formatTimestamp(Date.UTC(2026, 10, 23, 5, 27, 57))).toBe('2026-11-23T05:27:57Z');
    expect(formatTimestamp(Date.UTC(2026, 10, 23, 5, 27, 57, 999))).toBe('2026-11-23T05:27:57Z');
    expect(formatTimestamp(0)).toBe('1970-01-01T00:00:00Z');
  });

  it('refuses what is no time', () => {
    expect(() => formatTimestamp(Number.NaN)).toThrow(RangeError);
  });
});
