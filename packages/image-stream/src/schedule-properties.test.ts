import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextOccurrence, parseDuration, parseSchedule, type Schedule } from './schedule.ts';
import { T0 } from './testing/a-stream.ts';

const MINUTE = 60_000;
const UNIT_MS = { ms: 1, s: 1_000, m: MINUTE, h: 3_600_000, d: 86_400_000 } as const;
const unit = fc.constantFrom(...(Object.keys(UNIT_MS) as (keyof typeof UNIT_MS)[]));
const now = fc.nat({ max: 5 * 366 * UNIT_MS.d }).map((ms) => T0 + ms);
const repository = fc.string({ maxLength: 12 });

function parsed(text: string): Schedule {
  const result = parseSchedule(text);
  if (!result.ok) throw new Error(`${text}: ${result.message}`);
  return result.schedule;
}

describe('parseDuration, for any parts', () => {
  const part = fc.tuple(fc.nat({ max: 999_999 }), unit);

  it('reads the sum of the parts, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const text = parts.map(([count, name]) => `${count}${name}`).join('');
        const sum = parts.reduce((all, [count, name]) => all + count * UNIT_MS[name], 0);
        expect(parseDuration(text)).toBe(sum);
      }),
    );
  });

  it('refuses a number without a unit, wherever it stands', () => {
    fc.assert(
      fc.property(fc.array(part), fc.nat(), (parts, bare) => {
        const text = parts.map(([count, name]) => `${count}${name}`).join('');
        expect(parseDuration(`${text}${bare}`)).toBeUndefined();
        expect(parseDuration(`${text} ${bare}s`)).toBeUndefined();
      }),
    );
  });
});

describe('an interval, for any length and repository', () => {
  const interval = fc.integer({ min: 1, max: 366 * UNIT_MS.d });

  it('comes again on one grid, never later than its length and a tenth, never sooner than a tenth', () => {
    fc.assert(
      fc.property(interval, repository, now, (ms, where, from) => {
        const schedule = parsed(`${Math.floor(ms / 1_000)}s${ms % 1_000}ms`);
        const next = nextOccurrence(schedule, where, from);
        expect(next).toBeGreaterThan(from);
        expect(next - from).toBeGreaterThanOrEqual(ms * 0.1);
        expect(next - from).toBeLessThanOrEqual(ms * 1.1);
        expect(nextOccurrence(schedule, where, next)).toBe(next + ms);
      }),
    );
  });
});

/** One field of a cron line: its text, and the values that it stands for. */
interface Field {
  readonly text: string;
  readonly values: ReadonlySet<number>;
}

function field(min: number, max: number): fc.Arbitrary<Field> {
  const all = Array.from({ length: max - min + 1 }, (_, at) => min + at);
  const value = fc.integer({ min, max });
  const list = fc.uniqueArray(value, { minLength: 1, maxLength: 4 });
  const step = fc.integer({ min: 1, max: max - min });
  return fc.oneof(
    fc.constant({ text: '*', values: new Set(all) }),
    list.map((values) => ({ text: values.join(','), values: new Set(values) })),
    fc.tuple(value, value).map(([one, other]) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      return { text: `${from}-${to}`, values: new Set(all.filter((at) => at >= from && at <= to)) };
    }),
    step.map((by) => ({
      text: `*/${by}`,
      values: new Set(all.filter((at) => (at - min) % by === 0)),
    })),
  );
}

/** Minute, hour, day of the month, month, day of the week. A day is meant by either kind when both are given. */
const line = fc.tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6));
type Line = readonly [Field, Field, Field, Field, Field];

function isMeant([minute, hour, day, month, weekday]: Line, at: number): boolean {
  const date = new Date(at);
  const inTime = minute.values.has(date.getUTCMinutes()) && hour.values.has(date.getUTCHours());
  // The lists go to 28, so that every month has their days; the star means the others too.
  const byDay = day.text === '*' || day.values.has(date.getUTCDate());
  const byWeekday = weekday.values.has(date.getUTCDay());
  const free = day.text.startsWith('*') || weekday.text.startsWith('*');
  const onDay = free ? byDay && byWeekday : byDay || byWeekday;
  return inTime && onDay && month.values.has(date.getUTCMonth() + 1);
}

describe('a cron line, for any fields', () => {
  // Steps of stars beside a day of the other kind are read by some programs as "either" and by others as "both".
  const clear = line.filter(
    ([, , day, , weekday]) => !day.text.startsWith('*/') && !weekday.text.startsWith('*/'),
  );

  it('comes at a minute that its fields mean, and at none before are they meant', () => {
    fc.assert(
      fc.property(clear, now, (fields, from) => {
        const schedule = parsed(fields.map(({ text }) => text).join(' '));
        const next = nextOccurrence(schedule, 'r', from);
        expect(next % MINUTE).toBe(0);
        expect(next).toBeGreaterThan(from);
        expect(isMeant(fields, next)).toBe(true);
        // Half a day before it is looked through, minute by minute.
        const first = Math.max(next - 12 * UNIT_MS.h, (Math.floor(from / MINUTE) + 1) * MINUTE);
        const count = Math.max(0, (next - first) / MINUTE);
        const between = Array.from({ length: count }, (_, at) => first + at * MINUTE);
        expect(between.filter((at) => isMeant(fields, at))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('says the same however its words are spaced, and in UTC when that is named', () => {
    const blank = fc.stringMatching(/^[ \t]{1,3}$/);
    fc.assert(
      fc.property(line, blank, repository, now, (fields, between, where, from) => {
        const words = fields.map(({ text }) => text);
        const next = nextOccurrence(parsed(words.join(' ')), where, from);
        expect(nextOccurrence(parsed(`${between}${words.join(between)}`), where, from)).toBe(next);
        expect(nextOccurrence(parsed(`CRON_TZ=UTC ${words.join(' ')}`), where, from)).toBe(next);
      }),
    );
  });

  it('means a time to come for every repository, and always the same one, where H stands for a value', () => {
    const hashed = fc.constantFrom('H', 'H/7', 'H(1-12)', 'H(3-9)/2');
    const words = fc.tuple(hashed, hashed, hashed, fc.constantFrom('*', '2', '4,6', 'H'), hashed);
    const weekday = fc.constantFrom('*', 'H', '1-5');
    fc.assert(
      fc.property(words, weekday, repository, now, ([a, b, c, d], e, where, from) => {
        const text = [a, b, c, d, e].join(' ');
        const result = parseSchedule(text);
        expect(parseSchedule(text)).toEqual(result);
        if (!result.ok) return;
        const next = nextOccurrence(result.schedule, where, from);
        expect(next).toBeGreaterThan(from);
        expect(nextOccurrence(result.schedule, where, from)).toBe(next);
      }),
    );
  });
});

describe('the H of a day', () => {
  it('never means a day that the month does not have, for whichever repository', () => {
    const schedule = parsed('0 0 H 2 *');
    const days = Array.from({ length: 200 }, (_, at) => {
      const next = new Date(nextOccurrence(schedule, `quay.io/acme/r${at}`, T0));
      expect(next.getUTCMonth()).toBe(1);
      return next.getUTCDate();
    });
    expect(new Set(days).size).toBeGreaterThan(20);
  });
});
