import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['90s', 90_000],
    ['15m', 900_000],
    ['1h30m', 5_400_000],
    ['1d', 86_400_000],
    ['1d2h3m4s5ms', 93_784_005],
    ['10m0s', 600_000],
    ['0s', 0],
    ['250', 250],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toEqual({ ok: true, ms });
  });

  it.each(['', ' ', '15', '-5m', '1.5h', '5 m', '30m1h', '1h1h', '5M', 'm', '1w', '15m '])(
    'refuses %j unless it is a number of ms',
    (text) => {
      expect(parseDuration(text).ok).toBe(text === '15');
    },
  );

  it('says what a duration looks like', () => {
    const parsed = parseDuration('15x');
    expect(parsed).toEqual({
      ok: false,
      message: '"15x" is not a duration such as 500ms, 90s, 15m, 1h30m or 1d',
    });
  });

  it('refuses more than it can count exactly', () => {
    expect(parseDuration('999999999999d').ok).toBe(false);
  });
});

describe('formatDuration', () => {
  it('writes the units that are there', () => {
    expect([0, 500, 90_000, 5_400_000, 86_400_000].map(formatDuration)).toEqual([
      '0s',
      '500ms',
      '1m30s',
      '1h30m',
      '1d',
    ]);
  });

  it('writes what parseDuration reads as the same number', () => {
    fc.assert(
      fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toEqual({ ok: true, ms });
      }),
    );
  });
});

describe('parseDuration, for any text', () => {
  const UNITS = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
    ['ms', 1],
  ] as const;
  const parts = fc.tuple(
    ...UNITS.map(() => fc.option(fc.nat({ max: 99_999 }), { nil: undefined })),
  );

  it('reads the sum of the parts, each unit at most once and from large to small', () => {
    fc.assert(
      fc.property(parts, (counts) => {
        const text = UNITS.map(
          ([unit], at) => `${counts[at] ?? ''}${counts[at] === undefined ? '' : unit}`,
        );
        const sum = UNITS.reduce((all, [, ms], at) => all + ms * (counts[at] ?? 0), 0);
        const written = text.join('');
        expect(parseDuration(written).ok).toBe(written !== '');
        if (written !== '') expect(parseDuration(written)).toEqual({ ok: true, ms: sum });
        const turned = text.toReversed().join('');
        expect(parseDuration(turned).ok).toBe(written !== '' && turned === written);
      }),
    );
  });

  it('reads only what it can count exactly, and writes that so that it reads it again', () => {
    const soup = fc.array(fc.constantFrom('0', '7', '99', 'd', 'h', 'm', 's', 'ms', ' ', '-', '.'));
    fc.assert(
      fc.property(
        fc.oneof(
          soup.map((all) => all.join('')),
          fc.string(),
        ),
        (text) => {
          const parsed = parseDuration(text);
          if (!parsed.ok) return;
          expect(Number.isSafeInteger(parsed.ms)).toBe(true);
          expect(parseDuration(formatDuration(parsed.ms))).toEqual(parsed);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
