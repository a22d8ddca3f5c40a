import { describe, expect, it } from 'vitest';
import { coolDownSpread, dueAfterCoolDown } from './due-after-cool-down.ts';
import { aCheck, SETTINGS, T0 } from './testing/a-stream.ts';

const until = T0 + 30_000;
const now = T0;

describe('dueAfterCoolDown', () => {
  it('spreads the tags of a registry over the minute after it, each at its own moment', () => {
    const delays = Array.from({ length: 10_000 }, (_, at) => {
      const due = dueAfterCoolDown(aCheck(), { tag: `v${at}`, until, now }, SETTINGS);
      return (due ?? 0) - until;
    });
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...delays)).toBeLessThan(60_000);
    const bySecond = new Map<number, number>();
    for (const delay of delays) {
      const second = Math.floor(delay / 1_000);
      bySecond.set(second, (bySecond.get(second) ?? 0) + 1);
    }
    expect(bySecond.size).toBe(60);
    expect(Math.max(...bySecond.values())).toBeLessThan(300);
  });

  it('is the same each time, so that a second delivery changes nothing', () => {
    const due = () => dueAfterCoolDown(aCheck(), { tag: 'v1', until, now }, SETTINGS);
    expect(due()).toBe(due());
  });

  it('is never for a suspended tag', () => {
    const suspended = aCheck({ suspended: true });
    expect(dueAfterCoolDown(suspended, { tag: 'v1', until, now }, SETTINGS)).toBeNull();
  });

  it.each([
    ['a time that has passed', T0 - 5_000, T0],
    ['a time beyond an hour', T0 + 1e12, T0 + 3_600_000],
  ])('makes the best of %s', (_, end, earliest) => {
    const due = dueAfterCoolDown(aCheck(), { tag: 'v1', until: end, now }, SETTINGS) ?? 0;
    expect(due).toBeGreaterThanOrEqual(earliest);
    expect(due).toBeLessThan(earliest + 60_000);
  });
});

describe('coolDownSpread', () => {
  it('is a minute, or the interval where that is shorter', () => {
    expect(coolDownSpread(aCheck({ schedule: '' }), SETTINGS)).toBe(60_000);
    expect(coolDownSpread(aCheck({ schedule: '10s' }), SETTINGS)).toBe(10_000);
    expect(coolDownSpread(aCheck({ schedule: '0 6 * * *' }), SETTINGS)).toBe(60_000);
  });
});
