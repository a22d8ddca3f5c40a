import type { CheckState } from './check-state.ts';
import { dueAfterCoolDown } from './due-after-cool-down.ts';
import type { LookOutcome, TagOutcome } from './import-outcome.ts';
import { nextDue } from './next-due.ts';
import type { ScheduleSettings } from './schedule-settings.ts';

/** Longest failure message kept. */
const MAX_MESSAGE_LENGTH = 1024;

/**
 * The check state after an outcome was accepted at `now` (ms). Pure; the fence moves forward with every look. A tag that
 * was put off keeps it: looks that overlapped count as before.
 */
export function nextCheck(
  state: CheckState,
  accepted: TagOutcome,
  context: { readonly now: number; readonly settings: ScheduleSettings },
): CheckState {
  const { outcome, tag, fence, endFence = fence } = accepted;
  const { now, settings } = context;
  const resume = (until: number) => dueAfterCoolDown(state, { tag, until, now }, settings);
  if (outcome.kind === 'postponed') return { ...state, nextDue: resume(outcome.until) };
  // Up to its end: which of two looks that overlap was answered first, nobody knows.
  const seen: CheckState = { ...state, ...learned(state, outcome, now), fence: endFence };
  const retryAfter = outcome.kind === 'failed' ? outcome.retryAfter : undefined;
  if (retryAfter !== undefined) return { ...seen, nextDue: resume(now + retryAfter) };
  return { ...seen, nextDue: nextDue(seen, now, settings) };
}

/**
 * The check state after a look whose image document is gone from the store. Nothing is known any more, so the next look
 * brings the document again; it counts as a failure, so that a store which keeps losing them is no reason to hurry.
 */
export function forgottenCheck(
  state: CheckState,
  { fence, endFence = fence }: TagOutcome,
  { now, settings }: { readonly now: number; readonly settings: ScheduleSettings },
): CheckState {
  const attempts = state.attempts + 1;
  const forgotten = { ...state, attempts, fence: endFence, upstreamDigest: null, image: null };
  // A tag without any outcome would be due at once, however often this happens.
  const next = nextDue({ ...forgotten, outcome: 'RegistryError' }, now, settings);
  return { ...forgotten, nextDue: next };
}

function learned(state: CheckState, outcome: LookOutcome, now: number): Partial<CheckState> {
  if (outcome.kind === 'failed') {
    return {
      lastChecked: now,
      // A registry that says when to come back was well enough to say so: the wait is its own, and does not grow.
      attempts: outcome.retryAfter === undefined ? state.attempts + 1 : Math.max(state.attempts, 1),
      outcome: outcome.reason,
      message: outcome.message.slice(0, MAX_MESSAGE_LENGTH),
    };
  }
  const { image, upstreamDigest } = outcome;
  const moved = image !== state.image || upstreamDigest !== state.upstreamDigest;
  return {
    lastChecked: now,
    lastChanged: moved ? now : state.lastChanged,
    attempts: 0,
    outcome: moved ? 'imported' : 'unchanged',
    message: '',
    image,
    upstreamDigest,
  };
}

/** True when an outcome leaves the record as it is, so that only the check state moves: no write, no resourceVersion. */
export function leavesRecordAlone(state: CheckState, accepted: TagOutcome): boolean {
  const { outcome } = accepted;
  if (accepted.generation !== state.generation || accepted.fence <= state.fence) return false;
  if (outcome.kind === 'postponed') return true;
  return (
    outcome.kind === 'unchanged' &&
    state.attempts === 0 &&
    state.outcome !== 'never' &&
    state.upstreamDigest === outcome.upstreamDigest &&
    state.image === outcome.image
  );
}
