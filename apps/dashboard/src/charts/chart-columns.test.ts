import type { OverviewSample } from '@tagtrail/api-client';
import { describe, expect, it } from 'vitest';
import { axisEnd, COUNT_INCREMENTS, DURATION_INCREMENTS } from './axis-increments.ts';
import { chartColumns } from './chart-columns.ts';

const sample = (at: number, waiting: number, detectionLagP50Ms?: number): OverviewSample => ({
  at,
  waiting,
  active: 0,
  delayed: 0,
  failed: 0,
  completedPerSecond: 0,
  oldestWaitMs: 0,
  dueLagMs: 0,
  resultsBacklog: 0,
  ...(detectionLagP50Ms !== undefined && { detectionLagP50Ms }),
});

describe('chartColumns', () => {
  const waiting = (one: OverviewSample) => one.waiting;
  const lag = (one: OverviewSample) => one.detectionLagP50Ms;

  it('has a column of seconds, and one per line with null where nothing is known', () => {
    const samples = [sample(1_000, 3), sample(2_000, 4, 70)];
    expect(chartColumns(samples, [waiting, lag])).toEqual([
      [1, 2],
      [3, 4],
      [null, 70],
    ]);
  });

  it('breaks the lines where seconds are missing, and only there', () => {
    const samples = [sample(1_000, 1), sample(3_400, 2), sample(6_000, 3)];
    expect(chartColumns(samples, [waiting])).toEqual([
      [1, 3.4, 4.7, 6],
      [1, 2, null, 3],
    ]);
  });

  it('is empty without samples', () => {
    expect(chartColumns([], [waiting])).toEqual([[], []]);
  });
});

describe('axes', () => {
  it('end above what is shown, and not at nothing', () => {
    expect([axisEnd(null, 5), axisEnd(2, 5), axisEnd(100, 5)]).toEqual([5, 5, 110.00000000000001]);
  });

  it.each([COUNT_INCREMENTS, DURATION_INCREMENTS])('have ever larger steps', (...steps) => {
    expect(steps).toEqual([...new Set(steps)].sort((one, other) => one - other));
  });
});
