import type { CheckState } from './check-state.ts';

/** Why a tag is looked at. */
export type DueReason =
  | 'never-imported'
  | 'generation-changed'
  | 'interval'
  | 'cron'
  | 'retry'
  | 'requested';

/** Says whether a tag is due at `now` (ms) and why; undefined when it is not. */
export function dueReason(state: CheckState, now: number): DueReason | undefined {
  if (state.suspended || state.nextDue === null || state.nextDue > now) return undefined;
  if (state.outcome === 'never')
    return state.lastChecked === null ? 'never-imported' : 'generation-changed';
  if (state.attempts > 0) return 'retry';
  // Only a cron line has white space inside.
  return /\s/.test(state.schedule?.trim() ?? '') ? 'cron' : 'interval';
}
