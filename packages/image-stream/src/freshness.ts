import type { CheckState, FailureReason, LastOutcome } from './check-state.ts';
import { coolDownSpread } from './due-after-cool-down.ts';
import type { ScheduleSettings } from './schedule-settings.ts';

/** How far what is recorded of a tag can be believed to be what its registry has now. Times in ms since the epoch. */
export type Freshness =
  /** Looked at as often as it should be, and the last look succeeded. */
  | { readonly state: 'Fresh' }
  /** A look has been due since then, and nobody has made it. */
  | { readonly state: 'Stale'; readonly since: number }
  /** The last look failed; `since` is when that began, where it is known. */
  | { readonly state: 'Failing'; readonly reason: FailureReason; readonly since?: number }
  /** Its registry asked to be left alone, and is until then. */
  | { readonly state: 'Blocked'; readonly until: number }
  /** What it asks for now was not looked at yet. */
  | { readonly state: 'Never' };

export type FreshnessState = Freshness['state'];

/** ms by which a look may be late: a burst, or a slow registry for a minute, is no trouble. */
export const STALE_GRACE = 60_000;

/** From the worst to the best: what of many tags deserves to be told first. */
const WORST_FIRST: readonly FreshnessState[] = ['Failing', 'Stale', 'Blocked', 'Never', 'Fresh'];

export interface FreshnessContext {
  readonly now: number;
  readonly settings: ScheduleSettings;
  /** End of the cool-down of the tag's host, while one lasts. */
  readonly coolDownUntil?: number | undefined;
  /** When the failure that lasts was recorded first. */
  readonly failingSince?: number | undefined;
}

/**
 * How fresh a tag is. What keeps anybody from looking is told before what the last look saw, for that cannot change
 * meanwhile; a tag that nothing looks at any more is as its last look left it.
 */
export function freshnessOf(state: CheckState, context: FreshnessContext): Freshness {
  const { now, coolDownUntil, failingSince } = context;
  if (coolDownUntil !== undefined && isBlocked(state, { ...context, coolDownUntil })) {
    return { state: 'Blocked', until: coolDownUntil };
  }
  if (state.outcome === 'never') return { state: 'Never' };
  const reason = failureOf(state);
  if (reason !== undefined) {
    return { state: 'Failing', reason, ...(failingSince !== undefined && { since: failingSince }) };
  }
  const { nextDue } = state;
  if (nextDue === null || now - nextDue <= STALE_GRACE) return { state: 'Fresh' };
  return { state: 'Stale', since: nextDue };
}

/** The worst of many, how many are like it, and how many there are; undefined of none. */
export function worstFreshness(
  states: readonly FreshnessState[],
): { readonly state: FreshnessState; readonly count: number; readonly of: number } | undefined {
  const state = WORST_FIRST.find((one) => states.includes(one));
  if (state === undefined) return undefined;
  return { state, count: states.filter((one) => one === state).length, of: states.length };
}

/** Tags that were put off come a little after the end, each at its moment. */
function isBlocked(
  state: CheckState,
  { now, settings, coolDownUntil }: FreshnessContext & { readonly coolDownUntil: number },
): boolean {
  if (coolDownUntil <= now || state.nextDue === null) return false;
  // Whoever was refused itself waits from when that was recorded, which may be a little later.
  if (state.outcome === 'TooManyRequests') return true;
  return state.nextDue <= coolDownUntil + coolDownSpread(state, settings);
}

/** A look whose document was lost counts as a failure, too, and has no reason of its own. */
function failureOf({ attempts, outcome }: CheckState): FailureReason | undefined {
  if (isFailure(outcome)) return outcome;
  return attempts > 0 ? 'RegistryError' : undefined;
}

function isFailure(outcome: LastOutcome): outcome is FailureReason {
  return outcome !== 'never' && outcome !== 'imported' && outcome !== 'unchanged';
}
