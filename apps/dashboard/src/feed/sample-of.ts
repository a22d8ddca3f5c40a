import type { Overview, OverviewSample } from '@tagtrail/api-client';

/** The numbers of an overview that charts are drawn from, as the API itself keeps them. */
export function sampleOf(overview: Overview): OverviewSample {
  const { at, queue, schedule, completedPerSecond, detectionLag } = overview;
  return {
    at: Date.parse(at),
    waiting: queue.waiting,
    active: queue.active,
    delayed: queue.delayed,
    failed: queue.failed,
    completedPerSecond,
    oldestWaitMs: queue.oldestWait,
    dueLagMs: schedule.lag,
    resultsBacklog: resultsBacklog(overview),
    ...(detectionLag && {
      detectionLagP50Ms: detectionLag.p50Ms,
      detectionLagP99Ms: detectionLag.p99Ms,
    }),
  };
}

/** Results that are not recorded yet. Redis cannot always say how many wait (-1): those in hand are known. */
export function resultsBacklog({ results }: Pick<Overview, 'results'>): number {
  return Math.max(0, results.lag) + results.pending;
}
