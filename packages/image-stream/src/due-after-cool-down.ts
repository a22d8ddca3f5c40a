import type { CheckState } from './check-state.ts';
import { effectiveSchedule } from './next-due.ts';
import type { ScheduleSettings } from './schedule-settings.ts';
import { stableFraction } from './stable-fraction.ts';

/** ms over which the tags of a registry come back at most: ten thousand of them are 170 a second. */
export const LONGEST_SPREAD = 60_000;
/** A registry is obeyed up to this long. */
const LONGEST_WAIT = 3_600_000;

/**
 * When a tag is looked at (ms since the epoch) that its registry's cool-down until `until` keeps back, or null for never:
 * not before its end, and each tag at its own moment after it, so that they don't come in one burst.
 */
export function dueAfterCoolDown(
  state: CheckState,
  { tag, until, now }: { readonly tag: string; readonly until: number; readonly now: number },
  settings: ScheduleSettings,
): number | null {
  if (state.suspended) return null;
  const end = Math.ceil(Math.min(Math.max(until, now), now + LONGEST_WAIT));
  const share = stableFraction(`${state.repository}:${tag}`);
  return end + Math.round(share * coolDownSpread(state, settings));
}

/** ms within which the tag is looked at after a cool-down: no longer than it would have waited anyway. */
export function coolDownSpread(
  state: Pick<CheckState, 'schedule' | 'host'>,
  settings: ScheduleSettings,
): number {
  const cadence = effectiveSchedule(state, settings);
  return cadence.kind === 'cron' ? LONGEST_SPREAD : Math.min(cadence.interval, LONGEST_SPREAD);
}
