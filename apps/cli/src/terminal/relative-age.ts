const MINUTE = 60;
const HOURS_PER_DAY = 24;
const HOURS_PER_WEEK = 7 * HOURS_PER_DAY;
const HOURS_PER_MONTH = 30 * HOURS_PER_DAY;
const HOURS_PER_YEAR = 365 * HOURS_PER_DAY;

/**
 * A duration in words: `2 minutes`, `About an hour`, `3 weeks`. Integer arithmetic; a negative duration counts as none.
 * Source: go-units HumanDuration, which kubectl-like tools print.
 *
 * @param ms milliseconds
 */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < MINUTE) return `${seconds} seconds`;
  const minutes = Math.trunc(seconds / MINUTE);
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  return humanHours(ms / 3_600_000);
}

function humanHours(exact: number): string {
  const hours = Math.floor(exact + 0.5);
  if (hours === 1) return 'About an hour';
  if (hours < 2 * HOURS_PER_DAY) return `${hours} hours`;
  if (hours < 2 * HOURS_PER_WEEK) return `${Math.trunc(hours / HOURS_PER_DAY)} days`;
  if (hours < 2 * HOURS_PER_MONTH) return `${Math.trunc(hours / HOURS_PER_WEEK)} weeks`;
  if (hours < 2 * HOURS_PER_YEAR) return `${Math.trunc(hours / HOURS_PER_MONTH)} months`;
  return `${Math.trunc(Math.floor(exact) / HOURS_PER_YEAR)} years`;
}

/** `3 minutes ago`; empty when there is no such time. `time` is RFC 3339, `now` in ms since the epoch. */
export function ageAgo(time: string | null | undefined, now: number): string {
  const at = parseTime(time);
  return at === undefined ? '' : `${humanDuration(now - at)} ago`;
}

/** `in 3 minutes`, or `now` when the time has come; empty when there is no such time. */
export function timeUntil(time: string | null | undefined, now: number): string {
  const at = parseTime(time);
  if (at === undefined) return '';
  return at <= now ? 'now' : `in ${humanDuration(at - now).toLowerCase()}`;
}

function parseTime(time: string | null | undefined): number | undefined {
  if (time === null || time === undefined) return undefined;
  const at = Date.parse(time);
  return Number.isNaN(at) ? undefined : at;
}
