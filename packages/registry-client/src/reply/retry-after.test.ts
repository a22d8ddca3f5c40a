import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRetryAfter, RETRY_AFTER_LEAST, RETRY_AFTER_LIMIT } from './retry-after.ts';

const now = Date.parse('2026-11-23T08:00:00Z');

describe('parseRetryAfter', () => {
  it.each([
    ['seconds', '120', 120_000],
    ['zero seconds', '0', 1_000],
    ['seconds with blanks', ' 5 ', 5_000],
    ['a date', 'Mon, 23 Nov 2026 08:00:30 GMT', 30_000],
    ['a fraction of seconds', '1.25', 1_250],
    ['a date in the past', 'Mon, 23 Nov 2026 07:00:00 GMT', 1_000],
    ['a date of RFC 850', 'Monday, 23-Nov-26 08:00:30 GMT', 30_000],
    ['seconds since the epoch', String(now / 1_000 + 90), 90_000],
    ['seconds since the epoch that are over', String(now / 1_000 - 90), 1_000],
    ['the moment of a header that is a duration', '880.092µs', 1_000],
    ['a Go duration', '1m30.5s', 90_500],
    ['more than an hour', '86400', RETRY_AFTER_LIMIT],
  ])('reads %s', (_form, header, expected) => {
    expect(parseRetryAfter(header, '', now)).toBe(expected);
  });

  it('reads the text form of GHCR, and waits a second at least', () => {
    const body = '{"errors":[{"message":"retry-after: 880.092µs, allowed: 44000/minute"}]}';
    expect(parseRetryAfter(undefined, body, now)).toBe(1_000);
  });

  it('prefers the header over the body', () => {
    expect(parseRetryAfter('7', 'retry-after: 9s', now)).toBe(7_000);
  });

  it.each(['', 'soon', '-5', '1e9', 'Infinity', '1.2.3', '5 minutes', 'Mon, 99 Nov 2026'])(
    'ignores %j',
    (header) => {
      expect(parseRetryAfter(header, 'no hint here', now)).toBeUndefined();
    },
  );

  it('finds the wait behind letters that are longer in small letters', () => {
    expect(parseRetryAfter(undefined, 'İİİ Retry-After: 5s', now)).toBe(5_000);
  });

  it('never leaves the range from a second to an hour', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (header, body) => {
        const wait = parseRetryAfter(header, `retry-after: ${body}`, now);
        expect(wait === undefined || (wait >= RETRY_AFTER_LEAST && wait <= RETRY_AFTER_LIMIT)).toBe(
          true,
        );
      }),
    );
  });
});
