const SECONDS_PER_MINUTE = 60;
const MINUTES_PER_HOUR = 60;
const HOURS_PER_DAY = 24;
const HOURS_PER_WEEK = 7 * HOURS_PER_DAY;
const HOURS_PER_MONTH = 30 * HOURS_PER_DAY;
const HOURS_PER_YEAR = 365 * HOURS_PER_DAY;
const MS_PER_HOUR = 3_600_000;
/** ms: 2^63 - 1 ns, where Go's durations end. The age of a time that was never set comes out as these 292 years. */
const LONGEST_DURATION = 2 ** 63 / 1e6;

/**
 * A duration in words: `2 minutes`, `About an hour`, `3 weeks`. Integer arithmetic, hours rounded half up; a negative
 * duration counts as none. `ms` are milliseconds. Source: go-units HumanDuration, which `oc` prints.
 */
export function formatAge(ms: number): string {
  const elapsed = Math.min(ms, LONGEST_DURATION);
  const seconds = Math.trunc(elapsed / 1000);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < SECONDS_PER_MINUTE) return `${seconds} seconds`;
  const minutes = Math.trunc(seconds / SECONDS_PER_MINUTE);
  if (minutes === 1) return 'About a minute';
  if (minutes < MINUTES_PER_HOUR) return `${minutes} minutes`;
  return formatHours(elapsed / MS_PER_HOUR);
}

/** Years alone count from the hours that have passed, not from the rounded ones. */
function formatHours(exact: number): string {
  const hours = Math.floor(exact + 0.5);
  if (hours === 1) return 'About an hour';
  if (hours < 2 * HOURS_PER_DAY) return `${hours} hours`;
  if (hours < 2 * HOURS_PER_WEEK) return `${Math.trunc(hours / HOURS_PER_DAY)} days`;
  if (hours < 2 * HOURS_PER_MONTH) return `${Math.trunc(hours / HOURS_PER_WEEK)} weeks`;
  if (hours < 2 * HOURS_PER_YEAR) return `${Math.trunc(hours / HOURS_PER_MONTH)} months`;
  return `${Math.trunc(Math.floor(exact) / HOURS_PER_YEAR)} years`;
}
