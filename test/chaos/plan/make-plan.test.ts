import { describe, expect, it } from 'vitest';
import { makePlan } from './make-plan.ts';

const MINUTES = 2;
const LENGTH = MINUTES * 60_000;
const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

describe('the plan of a run', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(makePlan(7, LENGTH)).toEqual(makePlan(7, LENGTH));
    expect(makePlan(7, LENGTH)).not.toEqual(makePlan(8, LENGTH));
  });

  it('is in order, and ends with the storm', () => {
    const { kills, moves, definitions, registries, stores } = makePlan(3, LENGTH);
    for (const lane of [kills, moves, definitions, registries, stores]) {
      const times = lane.map(({ at }) => at);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(Math.max(...times)).toBeLessThan(LENGTH);
    }
  });

  it.each(SEEDS)('with seed %d kills every class at least thirty times in two minutes', (seed) => {
    const { kills } = makePlan(seed, LENGTH);
    expect(kills.length).toBeGreaterThanOrEqual(33);
    expect(new Set(kills.map(({ action }) => action.victim))).toEqual(
      new Set(['api', 'producer', 'worker', 'status-writer', 'redis']),
    );
    expect(new Set(kills.map(({ action }) => action.signal))).toEqual(
      new Set(['SIGKILL', 'SIGTERM', 'SIGSTOP']),
    );
    const whenActive = kills.filter(({ action }) => action.whenActive);
    expect(whenActive.length).toBeGreaterThan(kills.length / 3);
  });

  it.each(SEEDS)('with seed %d freezes a worker beyond its lock, in good time', (seed) => {
    const { kills } = makePlan(seed, LENGTH);
    const long = kills.filter(({ action }) => action.pause > 30_000);
    expect(long).toHaveLength(1);
    expect(long[0]?.action).toMatchObject({ victim: 'worker', signal: 'SIGSTOP' });
    expect(long[0]?.at).toBeLessThanOrEqual(LENGTH / 2);
  });

  it('has every trouble of the store once a minute', () => {
    const troubles = makePlan(5, LENGTH).stores.map(({ action }) => action.trouble);
    expect(troubles.toSorted()).toEqual([
      'disk-full',
      'disk-full',
      'memory-full',
      'memory-full',
      'queue-deleted',
      'queue-deleted',
      'waiting-deleted',
      'waiting-deleted',
    ]);
  });

  it('has no long freeze when there is no time for one', () => {
    const { kills } = makePlan(1, 20_000);
    expect(kills.every(({ action }) => action.pause < 10_000)).toBe(true);
  });
});
