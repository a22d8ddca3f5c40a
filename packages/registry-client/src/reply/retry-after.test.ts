import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRetryAfter, RETRY_AFTER_LIMIT } from './retry-after.ts';

const now = Date.parse('2026-11-23T08:00:00Z');

describe('parseRetryAfter', () => {
  it.each([
    ['seconds', '120', 120_000],
    ['zero seconds', '0', 0],
    ['seconds with blanks', ' 5 ', 5_000],
    ['a date', 'Mon, 23 Nov 2026 08:00:30 GMT', 30_000],
    ['a date in the past', 'Mon, 23 Nov 2026 07:00:00 GMT', 0],
    ['a Go duration', '1m30.5s', 90_500],
    ['more than an hour', '86400', RETRY_AFTER_LIMIT],
  ])('reads %s', (_form, header, expected) => {
    expect(parseRetryAfter(header, '', now)).toBe(expected);
  });

  it('reads the text form of GHCR and rounds a fraction up to a whole millisecond', () => {
    const body = '{"errors":[{"message":"retry-after: 880.092µs, allowed: 44000/minute"}]}';
    expect(parseRetryAfter(undefined, body, now)).toBe(1);
  });

  it('prefers the header over the body', () => {
    expect(parseRetryAfter('7', 'retry-after: 9s', now)).toBe(7_000);
  });

  it.each(['', 'soon', '-5', '1e9', 'Infinity'])('ignores %j', (header) => {
    expect(parseRetryAfter(header, 'no hint here', now)).toBeUndefined();
  });

  it('finds the wait behind letters that are longer in small letters', () => {
    expect(parseRetryAfter(undefined, 'İİİ Retry-After: 5s', now)).toBe(5_000);
  });

  it('never leaves the range from zero to an hour', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (header, body) => {
        const wait = parseRetryAfter(header, `retry-after: ${body}`, now);
        expect(wait === undefined || (wait >= 0 && wait <= RETRY_AFTER_LIMIT)).toBe(true);
      }),
    );
  });
});
