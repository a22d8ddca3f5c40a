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

  it('waits as long as the registry asks, but at most an hour', () => {
    const state = aCheck({ outcome: 'TooManyRequests', attempts: 1 });
    expect(nextDue(state, T1, SETTINGS, 60_000)).toBe(T1 + 60_000);
    expect(nextDue(state, T1, SETTINGS, 1e15)).toBe(T1 + 3_600_000);
  });
});

describe('dueReason', () => {
  it.each([
    [aCheck(), 'never-imported'],
    [aCheck({ lastChecked: T0 }), 'generation-changed'],
    [aCheck(settled), 'interval'],
    [aCheck({ ...settled, schedule: '0 6 * * *' }), 'cron'],
    [aCheck({ outcome: 'Timeout', attempts: 2, lastChecked: T0 }), 'retry'],
    [aCheck({ ...settled, nextDue: T1 + 1 }), undefined],
    [aCheck({ suspended: true }), undefined],
  ])('names why a tag is due', (state, reason) => expect(dueReason(state, T1)).toBe(reason));
});
