import { describe, expect, it } from 'vitest';
import { nextOccurrence, parseDuration, parseSchedule } from './schedule.ts';
import { T0 } from './testing/a-stream.ts';

describe('parseDuration', () => {
  it.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['2d', 172_800_000],
  ])('reads %s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '15', 'm', '1.5h', '-1s', '1h ', 'every 5m'])('refuses "%s"', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('parseSchedule', () => {
  it.each([
    '0s',
    '400d',
    '* * * * * *',
    '@hourly',
    '61 * * * *',
    'CRON_TZ=Mars/Olympus 0 6 * * *',
    'CRON_TZ=local 0 6 * * *',
    '0 0 30 2 *',
    '',
  ])('refuses "%s" and says what it takes', (text) => {
    const parsed = parseSchedule(text);
    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? '' : parsed.message).toMatch(/cron|interval/);
  });

  it('reads a zone before the five fields', () => {
    expect(parseSchedule('CRON_TZ=Europe/Berlin 0 6 * * 1-5')).toEqual({
      ok: true,
      schedule: { kind: 'cron', expression: '0 6 * * 1-5', timeZone: 'Europe/Berlin' },
    });
  });
});

describe('nextOccurrence', () => {
  const interval = { kind: 'interval', interval: 60_000 } as const;

  it('keeps the tags of a repository on one grid', () => {
    const first = nextOccurrence(interval, 'quay.io/acme/app', T0);
    expect(nextOccurrence(interval, 'quay.io/acme/app', first)).toBe(first + 60_000);
    expect(nextOccurrence(interval, 'quay.io/acme/app', first + 5)).toBe(first + 60_000);
  });

  it('skips a slot that would follow the last look at once', () => {
    const slot = nextOccurrence(interval, 'quay.io/acme/app', T0);
    expect(nextOccurrence(interval, 'quay.io/acme/app', slot - 10)).toBe(slot + 60_000);
  });

  it('spreads repositories over the interval', () => {
    const slots = Array.from(
      { length: 600 },
      (_, at) => nextOccurrence(interval, `h/r${at}`, T0) - T0,
    );
    const perTenth = new Array<number>(10).fill(0);
    for (const slot of slots) {
      const tenth = Math.floor((slot % 60_000) / 6_000);
      perTenth[tenth] = (perTenth[tenth] ?? 0) + 1;
    }
    expect(Math.min(...perTenth)).toBeGreaterThan(30);
    expect(Math.max(...perTenth)).toBeLessThan(95);
  });

  it('coalesces missed runs', () => {
    const late = T0 + 3 * 86_400_000;
    expect(nextOccurrence(interval, 'h/r', late) - late).toBeLessThanOrEqual(66_000);
  });

  it('gives H in a cron line one meaning per repository, on every machine', () => {
    const hashed = { kind: 'cron', expression: 'H H * * *', timeZone: 'UTC' } as const;
    const first = nextOccurrence(hashed, 'quay.io/acme/app', T0);
    expect(nextOccurrence(hashed, 'quay.io/acme/app', T0 + 1)).toBe(first);
    expect(nextOccurrence(hashed, 'quay.io/acme/app', first)).toBe(first + 86_400_000);
    const others = Array.from({ length: 20 }, (_, at) => nextOccurrence(hashed, `r/${at}`, T0));
    expect(new Set(others).size).toBeGreaterThan(10);
  });

  it('follows cron in its zone, across a change of the clocks', () => {
    const berlin = { kind: 'cron', expression: '0 6 * * *', timeZone: 'Europe/Berlin' } as const;
    expect(nextOccurrence(berlin, '', Date.UTC(2026, 2, 28, 12))).toBe(Date.UTC(2026, 2, 29, 4));
    expect(nextOccurrence(berlin, '', Date.UTC(2026, 0, 1, 12))).toBe(Date.UTC(2026, 0, 2, 5));
  });
});

it.each(['0 2 * * MON#1.5', '0 0 H/51.5 2 *'])('refuses the fractions of %j', (line) => {
  expect(parseSchedule('0 2 * * MON#1')).toMatchObject({ ok: true });
  expect(parseSchedule(line)).toEqual({
    ok: false,
    message: 'not a usable cron line: it has whole numbers only',
  });
});
