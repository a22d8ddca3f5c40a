import type { CheckState } from './check-state.ts';
import { nextOccurrence, parseSchedule, type Schedule } from './schedule.ts';
import type { ScheduleSettings } from './schedule-settings.ts';
import { stableFraction } from './stable-fraction.ts';

/** Doubling stops here; the interval caps the wait long before. */
const MAX_DOUBLINGS = 20;
/** Share of the floor that passes before a cron line may ask again: a look that began a little late costs no turn. */
const FLOOR_SHARE = 0.9;

/** When a tag must be looked at next (ms since the epoch), or null for never. */
export function nextDue(state: CheckState, now: number, settings: ScheduleSettings): number | null {
  if (state.suspended) return null;
  if (state.outcome === 'never') return now;
  if (state.attempts > 0) return now + retryDelay(state, settings);
  if (state.schedule === null) return null;
  const schedule = effectiveSchedule(state, settings);
  // An interval is never under the floor; a cron line may be, and skips the times that come too soon.
  const skipped = Math.round(settings.minimumInterval * FLOOR_SHARE);
  const soonest = schedule.kind === 'cron' ? now + skipped : now;
  return nextOccurrence(schedule, state.repository, soonest);
}

/** The cadence in force: the tag's own or the host's default; intervals are never under the floor. */
export function effectiveSchedule(
  state: Pick<CheckState, 'schedule' | 'host'>,
  settings: ScheduleSettings,
): Schedule {
  const parsed = parseSchedule(state.schedule ?? '');
  const own = parsed.ok ? parsed.schedule : undefined;
  if (own?.kind === 'cron') return own;
  const wanted = own?.interval ?? defaultInterval(state.host, settings);
  return { kind: 'interval', interval: Math.max(wanted, settings.minimumInterval) };
}

function defaultInterval(host: string, settings: ScheduleSettings): number {
  // A registry may be called `constructor`.
  const own = Object.hasOwn(settings.hostIntervals, host)
    ? settings.hostIntervals[host]
    : undefined;
  return own ?? settings.defaultInterval;
}

/** Exponential, between half and the whole of the step (jitter by tag and attempt), at most the interval. */
function retryDelay(state: CheckState, settings: ScheduleSettings): number {
  const cadence = effectiveSchedule(state, settings);
  const cap =
    cadence.kind === 'interval' ? cadence.interval : defaultInterval(state.host, settings);
  const doublings = Math.min(state.attempts - 1, MAX_DOUBLINGS);
  const step = Math.min(settings.retryBase * 2 ** doublings, cap);
  const jitter = 0.5 + 0.5 * stableFraction(`${state.repository}#${state.attempts}#${state.fence}`);
  return Math.round(step * jitter);
}
