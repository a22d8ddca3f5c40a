/** Shortest wait: who names none, or a moment that is over, still means "not now". */
export const RETRY_AFTER_LEAST = 1_000;
/** Longest wait that a registry can impose; beyond it the tag's own schedule looks again anyway. */
export const RETRY_AFTER_LIMIT = 60 * 60 * 1000;

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
/** Longest Go duration worth reading, `2562047h47m16.854775807s`. */
const DURATION_LENGTH = 32;
const DURATION = /^(?:[0-9]{1,10}(?:\.[0-9]{1,10})?(?:ns|us|µs|μs|ms|s|m|h))+/;
const DURATION_PART = /([0-9]+(?:\.[0-9]+)?)(ns|us|µs|μs|ms|s|m|h)/g;
const SECONDS = /^[0-9]{1,10}(?:\.[0-9]{1,9})?$/;
/** Seconds that are too many for a wait are a moment: those since the epoch, of September 2001 or later. */
const EPOCH_SECONDS = 1_000_000_000;
/** All forms of an HTTP date begin with the day's name; `Date.parse` would also make a date of `-5`. */
const DATE_START = /^[A-Za-z]{3,9},? /;
/** Searched for as it is: a copy in small letters may be longer, so that places in it mean others in the body. */
const BODY_MARK = /retry-after:/i;

/**
 * How long the registry asks to be left alone, in ms from {@link RETRY_AFTER_LEAST} to {@link RETRY_AFTER_LIMIT};
 * undefined when it does not say. Reads the header as seconds or as a date (RFC 9110 §10.2.3), as seconds since the epoch
 * or as a Go duration, else GHCR's `retry-after: 880.092µs` in the body.
 */
export function parseRetryAfter(
  header: string | undefined,
  body: string,
  now: number,
): number | undefined {
  const wait = parseHeader(header?.trim() ?? '', now) ?? parseBody(body);
  return wait === undefined ? undefined : clamp(wait);
}

function parseHeader(text: string, now: number): number | undefined {
  if (SECONDS.test(text)) return waitOfSeconds(Number(text), now);
  const duration = parseGoDuration(text);
  if (duration !== undefined) return duration;
  const date = DATE_START.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : date - now;
}

function waitOfSeconds(seconds: number, now: number): number {
  return seconds >= EPOCH_SECONDS ? seconds * 1_000 - now : seconds * 1_000;
}

function parseBody(body: string): number | undefined {
  const mark = BODY_MARK.exec(body);
  if (mark === null) return undefined;
  return parseGoDuration(body.slice(mark.index + mark[0].length).trimStart());
}

function parseGoDuration(text: string): number | undefined {
  const duration = DURATION.exec(text.slice(0, DURATION_LENGTH));
  if (duration === null) return undefined;
  let wait = 0;
  for (const [, amount, unit = ''] of duration[0].matchAll(DURATION_PART)) {
    wait += Number(amount) * (UNIT_MS[unit] ?? 0);
  }
  return wait;
}

function clamp(wait: number): number {
  return Math.min(Math.max(RETRY_AFTER_LEAST, Math.ceil(wait)), RETRY_AFTER_LIMIT);
}
