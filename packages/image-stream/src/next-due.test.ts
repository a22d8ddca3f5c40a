import { describe, expect, it } from 'vitest';
import { dueReason } from './due-reason.ts';
import { nextDue } from './next-due.ts';
import { aCheck, SETTINGS, T0, T1 } from './testing/a-stream.ts';

const settled = { outcome: 'unchanged', lastChecked: T0 } as const;

describe('nextDue', () => {
  it('is now for a tag that was never imported', () => {
    expect(nextDue(aCheck(), T1, SETTINGS)).toBe(T1);
  });

  it('is never for a suspended tag and for an imported unscheduled one', () => {
    expect(nextDue(aCheck({ suspended: true }), T1, SETTINGS)).toBeNull();
    expect(nextDue(aCheck({ ...settled, schedule: null }), T1, SETTINGS)).toBeNull();
  });

  it('takes the host default, an own duration, and never less than the floor', () => {
    const gap = (schedule: string, hostIntervals = {}) => {
      const settings = { ...SETTINGS, hostIntervals };
      const first = nextDue(aCheck({ ...settled, schedule }), T1, settings) ?? 0;
      return (nextDue(aCheck({ ...settled, schedule }), first, settings) ?? 0) - first;
    };
    expect(gap('')).toBe(900_000);
    expect(gap('', { 'quay.io': 60_000 })).toBe(60_000);
    expect(gap('90s')).toBe(90_000);
    expect(gap('10ms')).toBe(1_000);
  });

  it('holds a cron line to the floor, too, but costs no turn for a look that began late', () => {
    const due = (minimumInterval: number, now: number) =>
      nextDue(aCheck({ ...settled, schedule: '* * * * *' }), now, { ...SETTINGS, minimumInterval });
    expect(due(1_000, T0 + 40)).toBe(T0 + 60_000);
    expect(due(60_000, T0 + 400)).toBe(T0 + 60_000);
    expect(due(600_000, T0 + 400)).toBe(T0 + 600_000);
  });

  it('falls back to the default of the host when nobody can read the schedule any more', () => {
    const state = aCheck({ ...settled, schedule: 'CRON_TZ=Mars/Olympus 0 6 * * *' });
    expect(nextDue(state, T1, SETTINGS)).toBe(nextDue({ ...state, schedule: '' }, T1, SETTINGS));
  });

  it.each(['constructor', 'toString', '__proto__'])('knows no interval of the host %s', (host) => {
    const state = aCheck({ ...settled, host });
    expect(nextDue(state, T1, SETTINGS)).toBeLessThanOrEqual(T1 + 990_000);
    const failing = aCheck({ host, outcome: 'Timeout', attempts: 3 });
    expect(nextDue(failing, T1, SETTINGS)).toBeGreaterThan(T1);
  });

  it('knows a time for every repository, also where its H would be a day that never comes', () => {
    for (let at = 0; at < 50; at += 1) {
      const state = aCheck({
        ...settled,
        schedule: '0 0 H 2 *',
        repository: `quay.io/acme/r${at}`,
      });
      expect(nextDue(state, T1, SETTINGS)).toBeGreaterThan(T1);
    }
  });

  it('never waits longer than the default interval to retry a tag without a schedule', () => {
    const waits = [1, 10, 100, 1e6].map((attempts) => {
      const state = aCheck({ outcome: 'NotFound', attempts, schedule: null });
      return (nextDue(state, T1, SETTINGS) ?? Infinity) - T1;
    });
    expect(Math.max(...waits)).toBeLessThanOrEqual(SETTINGS.defaultInterval);
    expect(Math.min(...waits)).toBeGreaterThan(0);
  });

  it('backs off exponentially, with jitter, up to the interval, for unscheduled tags too', () => {
    const delay = (attempts: number, schedule: string | null) =>
      (nextDue(aCheck({ outcome: 'Timeout', attempts, schedule }), T1, SETTINGS) ?? 0) - T1;
    for (const schedule of ['', null]) {
      expect(delay(1, schedule)).toBeGreaterThanOrEqual(2_500);
      expect(delay(1, schedule)).toBeLessThanOrEqual(5_000);
      expect(delay(4, schedule)).toBeGreaterThanOrEqual(20_000);
      expect(delay(500, schedule)).toBeGreaterThanOrEqual(450_000);
      expect(delay(500, schedule)).toBeLessThanOrEqual(900_000);
    }
  });
});

describe('dueReason', () => {
  it.each([
    [aCheck(), 'never-imported'],
    [aCheck({ lastChecked: T0 }), 'generation-changed'],
    [aCheck(settled), 'interval'],
    [aCheck({ ...settled, schedule: '0 6 * * *' }), 'cron'],
    [aCheck({ ...settled, schedule: '0\t6\t*\t*\t*' }), 'cron'],
    [aCheck({ ...settled, schedule: ' 15m ' }), 'interval'],
    [aCheck({ outcome: 'Timeout', attempts: 2, lastChecked: T0 }), 'retry'],
    [aCheck({ ...settled, nextDue: T1 + 1 }), undefined],
    [aCheck({ suspended: true }), undefined],
  ])('names why a tag is due', (state, reason) => expect(dueReason(state, T1)).toBe(reason));
});
