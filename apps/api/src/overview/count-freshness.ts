import type { FreshnessState, ScheduleStats } from '@tagtrail/image-stream';

/** Tags by how fresh they are. */
export type FreshnessCounts = Readonly<Record<FreshnessState, number>>;

/** Outcomes of a last look that went well, and that of none. */
const WELL: ReadonlySet<string> = new Set(['imported', 'unchanged', 'never']);

/**
 * Counts from what is counted anyway, without a look at any tag: failing and never by the outcomes of last looks, stale and
 * blocked by the schedule. A failing tag whose registry is left alone counts twice, so Fresh is what is left at least.
 */
export function countFreshness(
  outcomes: Readonly<Record<string, number>>,
  { stale, blocked }: Pick<ScheduleStats, 'stale' | 'blocked'>,
): FreshnessCounts {
  const all = sum(Object.values(outcomes));
  const failing = sum(
    Object.entries(outcomes).flatMap(([outcome, count]) => (WELL.has(outcome) ? [] : [count])),
  );
  const never = outcomes['never'] ?? 0;
  return {
    Fresh: Math.max(0, all - failing - never - stale - blocked),
    Stale: stale,
    Failing: failing,
    Blocked: blocked,
    Never: never,
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
