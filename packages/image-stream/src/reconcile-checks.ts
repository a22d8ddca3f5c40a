import type { CheckState } from './check-state.ts';
import type { ImageStream, TagReference } from './image-stream.ts';
import type { CheckChange } from './image-stream-store.ts';
import { importNeeds } from './import-needs.ts';
import { isImportable, statusTag } from './importable.ts';
import { nextDue } from './next-due.ts';
import { recordVersion } from './record-version.ts';
import {
  asksForListing,
  checkedTag,
  isRepositoryCheck,
  LISTING_TAG,
  listingCadence,
} from './repository-tags.ts';
import { type Cadence, resolveCadence } from './resolve-cadence.ts';
import type { ScheduleSettings } from './schedule-settings.ts';

export interface ReconcileContext {
  readonly before: ImageStream | undefined;
  readonly after: ImageStream;
  readonly checks: ReadonlyMap<string, CheckState>;
  /** Tags whose import the client forced by generation 0. */
  readonly forced: ReadonlySet<string>;
  /** ms since the epoch. */
  readonly now: number;
  readonly settings: ScheduleSettings;
}

/**
 * What a new definition means for looking: new and edited tags are due now, removed ones are forgotten, a changed
 * cadence gets its next time, everything else stays as it is.
 */
export function reconcileChecks(context: ReconcileContext): readonly CheckChange[] {
  const wanted = (context.after.spec.tags ?? []).filter(isImportable);
  const changes: CheckChange[] = [];
  const kept = new Set<string>();
  for (const tag of wanted) {
    const cadence = resolveCadence(context.after, tag);
    if (cadence === undefined) continue;
    kept.add(tag.name);
    const previous = context.checks.get(tag.name);
    const state = stateFor(context, tag, cadence);
    if (previous !== undefined && isSameState(previous, state)) continue;
    changes.push(change(tag.name, state, previous));
  }
  const listing = listingFor(context);
  if (listing !== undefined) {
    kept.add(LISTING_TAG);
    if (listing !== 'as it is') changes.push(listing);
    if (!asksForListing(context.before, context.after)) keepRepositoryChecks(context, kept);
  }
  for (const [tag, previous] of context.checks) {
    if (!kept.has(tag)) changes.push(change(tag, null, previous));
  }
  return changes;
}

/** What becomes of the listing of the followed repository; undefined when there is none to follow. */
function listingFor(context: ReconcileContext): CheckChange | 'as it is' | undefined {
  const cadence = listingCadence(context.after);
  if (cadence === undefined) return undefined;
  const previous = context.checks.get(LISTING_TAG);
  if (previous === undefined || asksForListing(context.before, context.after)) {
    return change(LISTING_TAG, pendingState(context, cadence, previous), previous);
  }
  const next = { ...previous, ...cadence };
  if (isSameState(previous, next)) return 'as it is';
  return change(LISTING_TAG, { ...next, nextDue: movedDue(next, context) }, previous);
}

/** Tags that a listing found and no success has defined yet. */
function keepRepositoryChecks({ before, checks }: ReconcileContext, kept: Set<string>): void {
  for (const tag of checks.keys()) if (isRepositoryCheck(before, tag, checks)) kept.add(tag);
}

function change(
  tag: string,
  state: CheckState | null,
  previous: CheckState | undefined,
): CheckChange {
  return previous === undefined ? { tag, state } : { tag, state, previousHost: previous.host };
}

function stateFor(context: ReconcileContext, tag: TagReference, cadence: Cadence): CheckState {
  const previous = context.checks.get(tag.name);
  if (previous === undefined || context.forced.has(tag.name) || isEdited(context, tag)) {
    return pendingState(context, cadence, previous);
  }
  const next = { ...previous, ...cadence };
  return isSameState(previous, next) ? previous : { ...next, nextDue: movedDue(next, context) };
}

/** A failing tag keeps the time of its retry; a new cadence is no reason to hammer a registry. */
function movedDue(state: CheckState, { now, settings }: ReconcileContext): number | null {
  if (state.attempts > 0 && !state.suspended && state.nextDue !== null) return state.nextDue;
  return nextDue(state, now, settings);
}

function pendingState(
  { before, after, now }: ReconcileContext,
  cadence: Cadence,
  previous: CheckState | undefined,
): CheckState {
  return {
    ...cadence,
    generation: Math.max(
      recordVersion(before) + 1,
      after.metadata.generation ?? 1,
      (previous?.generation ?? 0) + 1,
    ),
    fence: previous?.fence ?? 0,
    lastChecked: previous?.lastChecked ?? null,
    lastChanged: previous?.lastChanged ?? null,
    nextDue: cadence.suspended ? null : now,
    attempts: 0,
    outcome: 'never',
    message: '',
    upstreamDigest: null,
    image: null,
  };
}

function isEdited({ before, after }: ReconcileContext, tag: TagReference): boolean {
  const old = before?.spec.tags?.find((entry) => entry.name === tag.name);
  if (before === undefined || old === undefined || !isImportable(old)) return true;
  return importNeeds(before, old) !== importNeeds(after, tag);
}

function isSameState(a: CheckState, b: CheckState): boolean {
  const keys = Object.keys(a) as (keyof CheckState)[];
  return keys.every((key) => a[key] === b[key]);
}

/**
 * A state for a tag whose record exists but whose check state was lost: due now, nothing known. `fence` is a new one,
 * so that no look that began before can come over what the record holds.
 */
export function restoredCheck(
  stream: ImageStream,
  name: string,
  context: { readonly now: number; readonly fence: number },
): CheckState | undefined {
  const tag = name === LISTING_TAG ? undefined : checkedTag(stream, name);
  const cadence =
    name === LISTING_TAG ? listingCadence(stream) : tag && resolveCadence(stream, tag);
  if (cadence === undefined) return undefined;
  const head = statusTag(stream, name)?.items?.[0];
  return {
    ...cadence,
    generation: Math.max(recordVersion(stream), 1),
    fence: context.fence,
    lastChecked: null,
    lastChanged: null,
    nextDue: cadence.suspended ? null : context.now,
    attempts: 0,
    outcome: 'never',
    message: '',
    upstreamDigest: null,
    image: head?.image ?? null,
  };
}
