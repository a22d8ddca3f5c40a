import { formatAge } from '@tagtrail/apimachinery';

/** `3 minutes ago`; empty when there is no such time. `time` is RFC 3339, `now` in ms since the epoch. */
export function ageAgo(time: string | null | undefined, now: number): string {
  const at = parseTime(time);
  return at === undefined ? '' : `${formatAge(now - at)} ago`;
}

/** `in 3 minutes`, or `now` when the time has come; empty when there is no such time. */
export function timeUntil(time: string | null | undefined, now: number): string {
  const at = parseTime(time);
  if (at === undefined) return '';
  return at <= now ? 'now' : `in ${formatAge(at - now).toLowerCase()}`;
}

function parseTime(time: string | null | undefined): number | undefined {
  if (time === null || time === undefined) return undefined;
  const at = Date.parse(time);
  return Number.isNaN(at) ? undefined : at;
}
