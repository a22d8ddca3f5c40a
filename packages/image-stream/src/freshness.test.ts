import { describe, expect, it } from 'vitest';
import { freshnessOf, worstFreshness } from './freshness.ts';
import { aCheck, SETTINGS, T0, T1 } from './testing/a-stream.ts';

const context = { now: T1, settings: SETTINGS };
const seen = aCheck({ outcome: 'unchanged', lastChecked: T0, nextDue: T1 + 900_000 });
const coolDownUntil = T1 + 600_000;

describe('freshnessOf', () => {
  it.each([
    ['a tag that was looked at in time', seen, { state: 'Fresh' }],
    ['one that is a little late', { ...seen, nextDue: T1 - 60_000 }, { state: 'Fresh' }],
    [
      'one that nobody looks at though it is due',
      { ...seen, nextDue: T1 - 60_001 },
      { state: 'Stale', since: T1 - 60_001 },
    ],
    [
      'one without a schedule, after its one look',
      { ...seen, schedule: null, nextDue: null },
      { state: 'Fresh' },
    ],
    [
      'one without a schedule, whose look failed',
      { ...seen, schedule: null, attempts: 1, outcome: 'NotFound' as const },
      { state: 'Failing', reason: 'NotFound' },
    ],
    [
      'one that fails, late or not',
      { ...seen, attempts: 3, outcome: 'Timeout' as const, nextDue: T1 - 900_000 },
      { state: 'Failing', reason: 'Timeout' },
    ],
    [
      'one whose image document was lost',
      { ...seen, attempts: 1 },
      { state: 'Failing', reason: 'RegistryError' },
    ],
    ['one that was never looked at', aCheck({ nextDue: T0 }), { state: 'Never' }],
    [
      'one that was edited and not looked at since',
      aCheck({ lastChecked: T0, nextDue: T0 }),
      { state: 'Never' },
    ],
    ['a suspended one', { ...seen, suspended: true, nextDue: null }, { state: 'Fresh' }],
  ])('of %s', (_, state, freshness) => {
    expect(freshnessOf(state, context)).toEqual(freshness);
  });

  it('tells since when a tag fails, where that is known', () => {
    const failing = { ...seen, attempts: 1, outcome: 'NotFound' as const };
    expect(freshnessOf(failing, { ...context, failingSince: T0 })).toEqual({
      state: 'Failing',
      reason: 'NotFound',
      since: T0,
    });
  });

  it.each([
    ['is due', { ...seen, nextDue: T0 }],
    ['is due before the end', { ...seen, nextDue: coolDownUntil }],
    [
      'was refused itself, and that was recorded late',
      {
        ...seen,
        attempts: 1,
        outcome: 'TooManyRequests' as const,
        nextDue: coolDownUntil + 3_600_000,
      },
    ],
    ['was put off until a little after it', { ...seen, nextDue: coolDownUntil + 59_000 }],
    [
      'was refused itself',
      { ...seen, attempts: 1, outcome: 'TooManyRequests' as const, nextDue: coolDownUntil + 1 },
    ],
    ['was never looked at', aCheck({ nextDue: T0 })],
  ])('is Blocked during a cool-down when the tag %s', (_, state) => {
    const blocked = { state: 'Blocked', until: coolDownUntil };
    expect(freshnessOf(state, { ...context, coolDownUntil })).toEqual(blocked);
  });

  it.each([
    ['a tag that is due later', seen, 'Fresh'],
    ['a tag that nothing looks at', { ...seen, schedule: null, nextDue: null }, 'Fresh'],
    [
      'a tag that fails and waits for longer',
      { ...seen, attempts: 9, outcome: 'NotFound' as const },
      'Failing',
    ],
  ])('is not changed by a cool-down for %s', (_, state, expected) => {
    expect(freshnessOf(state, { ...context, coolDownUntil }).state).toBe(expected);
  });

  it('is not Blocked by a cool-down that is over', () => {
    const due = { ...seen, nextDue: T1 };
    expect(freshnessOf(due, { ...context, coolDownUntil: T1 })).toEqual({ state: 'Fresh' });
  });
});

describe('worstFreshness', () => {
  it('tells the worst, how many are like it, and how many there are', () => {
    const states = ['Fresh', 'Never', 'Failing', 'Fresh', 'Failing', 'Blocked', 'Stale'] as const;
    expect(worstFreshness(states)).toEqual({ state: 'Failing', count: 2, of: 7 });
    expect(worstFreshness(['Fresh', 'Never', 'Blocked'])?.state).toBe('Blocked');
    expect(worstFreshness([])).toBeUndefined();
  });
});
