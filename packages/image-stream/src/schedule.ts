import { CronExpressionParser } from 'cron-parser';
import { stableFraction } from './stable-fraction.ts';

/** Longest accepted annotation text: five cron fields with lists fit several times over. */
const MAX_SCHEDULE_LENGTH = 256;
/** A year; longer intervals are more likely a typing error than a wish. */
const MAX_INTERVAL_MS = 366 * 24 * 3_600_000;
/** A slot closer than this share of the interval is skipped, so that a late check is not followed by another at once. */
const SHORTEST_GAP = 0.1;
/** Zones that mean another one on every machine. */
const ZONES_OF_THE_MACHINE = new Set(['local', 'system', 'default']);
/** What gives `H` its meaning where a line is checked: the same on every machine, and the one to fall back to. */
const CHECKED_SEED = 'tagtrail';
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7 };

export type Schedule =
  | { readonly kind: 'interval'; readonly interval: number }
  | { readonly kind: 'cron'; readonly expression: string; readonly timeZone: string };

export type ParsedSchedule =
  | { readonly ok: true; readonly schedule: Schedule }
  | { readonly ok: false; readonly message: string };

/** Parses a duration such as `90s`, `15m`, `1h30m` to ms; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (text.length === 0 || text.length > MAX_SCHEDULE_LENGTH) return undefined;
  let total = 0;
  let rest = text;
  while (rest.length > 0) {
    const part = /^(\d{1,9})(ms|s|m|h|d)/.exec(rest);
    if (part === null) return undefined;
    total += Number(part[1]) * (UNIT_MS[part[2] ?? ''] ?? 0);
    rest = rest.slice(part[0].length);
  }
  return total;
}

/**
 * Parses the text of the schedule annotation: a duration, or a 5-field cron line that `CRON_TZ=Zone ` may precede.
 * Cron without a zone means UTC, so that a record moves the same way on every machine.
 */
export function parseSchedule(text: string): ParsedSchedule {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > MAX_SCHEDULE_LENGTH) return refuse();
  const interval = parseDuration(trimmed);
  if (interval === undefined) return parseCron(trimmed);
  if (interval <= 0 || interval > MAX_INTERVAL_MS) {
    return { ok: false, message: 'the interval must be longer than 0 and at most 366d' };
  }
  return { ok: true, schedule: { kind: 'interval', interval } };
}

function parseCron(text: string): ParsedSchedule {
  const zone = /^CRON_TZ=(\S+)\s+(.+)$/.exec(text);
  const expression = zone?.[2] ?? text;
  const timeZone = zone?.[1] ?? 'UTC';
  if (expression.split(/\s+/).length !== 5) return refuse();
  // The parser takes `MON#1.5` and `H/2.5`, and searches decades for such a day.
  if (expression.includes('.')) {
    return { ok: false, message: 'not a usable cron line: it has whole numbers only' };
  }
  if (ZONES_OF_THE_MACHINE.has(timeZone.toLowerCase())) {
    return { ok: false, message: `not a usable cron line: name a time zone, not ${timeZone}` };
  }
  try {
    nextTurn({ expression, timeZone }, CHECKED_SEED, 0);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, message: `not a usable cron line: ${reason}` };
  }
  return { ok: true, schedule: { kind: 'cron', expression, timeZone } };
}

function refuse(): ParsedSchedule {
  return {
    ok: false,
    message:
      'neither a duration ("90s", "15m") nor a 5-field cron line ("0 6 * * *", "CRON_TZ=Europe/Berlin 0 6 * * 1-5")',
  };
}

/**
 * The next time after `now` (ms). Interval slots lie on a grid whose phase comes from the repository: its tags fall
 * together and share connection and token, repositories spread over the interval, and missed slots coalesce. The
 * repository also decides what `H` in a cron line stands for.
 */
export function nextOccurrence(schedule: Schedule, repository: string, now: number): number {
  if (schedule.kind === 'cron') {
    // `0 0 H 2 *` may mean the 30th for a repository: a day that never comes, and an error of the parser.
    try {
      return nextTurn(schedule, repository || CHECKED_SEED, now);
    } catch {
      return nextTurn(schedule, CHECKED_SEED, now);
    }
  }
  const { interval } = schedule;
  const phase = Math.floor(stableFraction(repository) * interval);
  const slot = (Math.floor((now - phase) / interval) + 1) * interval + phase;
  return slot - now < interval * SHORTEST_GAP ? slot + interval : slot;
}

/** @throws Error when there is no such time */
function nextTurn(
  { expression, timeZone }: Pick<Schedule & { kind: 'cron' }, 'expression' | 'timeZone'>,
  hashSeed: string,
  now: number,
): number {
  const options = { tz: timeZone, currentDate: now, hashSeed };
  return CronExpressionParser.parse(expression, options).next().getTime();
}
