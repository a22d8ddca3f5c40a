import { formatSpan } from '@tagtrail/apimachinery';
import { type Freshness, worstFreshness } from './freshness.ts';

/** A tag's freshness as tables tell it: `Fresh`, `Stale (3 minutes)`, `Blocked (12 s left)`. `now` in ms since the epoch. */
export function describeFreshness(freshness: Freshness, now: number): string {
  switch (freshness.state) {
    case 'Stale':
      return `Stale (${formatSpan(now - freshness.since)})`;
    case 'Failing':
      return `Failing (${freshness.reason})`;
    case 'Blocked':
      return `Blocked (${formatSpan(freshness.until - now)} left)`;
    default:
      return freshness.state;
  }
}

/** The freshness of a stream, from that of its tags: the worst, and how many are so: `Fresh`, `Failing (2 of 7)`. */
export function describeWorst(states: readonly Freshness['state'][]): string {
  const worst = worstFreshness(states);
  if (worst === undefined) return '';
  return worst.state === 'Fresh' ? worst.state : `${worst.state} (${worst.count} of ${worst.of})`;
}
