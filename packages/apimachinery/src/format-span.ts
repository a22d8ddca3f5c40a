import { formatAge } from './format-age.ts';

/** ms below which tenths of a second tell something. */
const WITH_TENTHS = 10_000;
/** ms below which seconds are counted. */
const IN_SECONDS = 120_000;

/** A span of time as briefly as it can be said: `0.4 s`, `12 s`, `3 minutes`. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (ms < WITH_TENTHS) return seconds === 0 ? '0 s' : `${seconds.toFixed(1)} s`;
  return ms < IN_SECONDS ? `${Math.floor(seconds)} s` : formatAge(ms).toLowerCase();
}
