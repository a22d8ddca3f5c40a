const SECONDS_PER_MINUTE = 60;
const SECONDS_PER_HOUR = 3600;
const HOURS_PER_DAY = 24;
const HOURS_PER_WEEK = 168;
const HOURS_PER_MONTH = 720;
const HOURS_PER_YEAR = 8760;

/**
 * How long ago something was, in the words of `oc get`: "3 minutes", "About an hour", "2 weeks".
 * `elapsed` in ms; a time in the future counts as now. Source: oc-compatible wording of go-units' HumanDuration.
 */
export function humanAge(elapsed: number): string {
  const seconds = Math.max(0, Math.floor(elapsed / 1000));
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < SECONDS_PER_MINUTE) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / SECONDS_PER_MINUTE);
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  return ageInHours(seconds / SECONDS_PER_HOUR);
}

function ageInHours(exactHours: number): string {
  const hours = Math.floor(exactHours + 0.5);
  if (hours === 1) return 'About an hour';
  if (hours < 2 * HOURS_PER_DAY) return `${hours} hours`;
  if (hours < 2 * HOURS_PER_WEEK) return `${Math.floor(hours / HOURS_PER_DAY)} days`;
  if (hours < 2 * HOURS_PER_MONTH) return `${Math.floor(hours / HOURS_PER_WEEK)} weeks`;
  if (hours < 2 * HOURS_PER_YEAR) return `${Math.floor(hours / HOURS_PER_MONTH)} months`;
  return `${Math.floor(Math.floor(exactHours) / HOURS_PER_YEAR)} years`;
}
