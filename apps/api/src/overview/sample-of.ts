import type { Overview } from './overview.ts';

/** The overview of one second, in the numbers that charts are drawn from. Durations in ms. */
export interface Sample {
  /** ms since the epoch. */
  readonly at: number;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
  readonly completedPerSecond: number;
  readonly oldestWaitMs: number;
  readonly dueLagMs: number;
  readonly resultsBacklog: number;
  readonly detectionLagP50Ms?: number;
  readonly detectionLagP99Ms?: number;
}

export function sampleOf(overview: Overview): Sample {
  const { queue, results, schedule, completedPerSecond, detectionLag } = overview;
  const { waiting, active, delayed, failed, oldestWait } = queue;
  return {
    at: Date.parse(overview.at),
    waiting,
    active,
    delayed,
    failed,
    completedPerSecond,
    oldestWaitMs: oldestWait,
    dueLagMs: schedule.lag,
    resultsBacklog: Math.max(0, results.lag) + results.pending,
    ...(detectionLag && {
      detectionLagP50Ms: detectionLag.p50Ms,
      detectionLagP99Ms: detectionLag.p99Ms,
    }),
  };
}
