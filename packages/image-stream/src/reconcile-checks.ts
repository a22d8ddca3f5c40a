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
  repositoryTag,
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
  const { checks } = context;
  const wanted = [...specChecks(context), ...listingChecks(context)];
  const kept = new Set(wanted.map(({ tag }) => tag));
  const removed = [...checks].filter(([tag]) => !kept.has(tag));
  return [
    ...wanted.filter((one) => isMoved(checks.get(one.tag), one.state)),
    ...removed.map(([tag, previous]) => change(tag, null, previous)),
  ];
}

function isMoved(previous: CheckState | undefined, state: CheckState | null): boolean {
  return previous === undefined || state === null || !isSameState(previous, state);
}

/** One for every importable tag of the spec, changed or not. */
function specChecks(context: ReconcileContext): readonly CheckChange[] {
  const importable = (context.after.spec.tags ?? []).filter(isImportable);
  return importable.flatMap((tag) => {
    const cadence = resolveCadence(context.after, tag);
    if (cadence === undefined) return [];
    return [change(tag.name, stateFor(context, tag, cadence), context.checks.get(tag.name))];
  });
}

/** The listing of the followed repository, and the tags that it found; none without one to follow. */
function listingChecks(context: ReconcileContext): readonly CheckChange[] {
  const { before, after, checks } = context;
  const cadence = listingCadence(after);
  if (cadence === undefined) return [];
  const previous = checks.get(LISTING_TAG);
  if (previous === undefined || asksForListing(before, after)) {
    const pending = change(LISTING_TAG, pendingState(context, cadence, previous), previous);
    return asksForListing(before, after) ? [pending] : [pending, ...repositoryChecks(context)];
  }
  const listing = change(LISTING_TAG, adjusted(previous, cadence, context), previous);
  return [listing, ...repositoryChecks(context)];
}

/** The same check with a new cadence, or as it is. */
function adjusted(previous: CheckState, cadence: Cadence, context: ReconcileContext): CheckState {
  const next = { ...previous, ...cadence };
  return isSameState(previous, next) ? previous : { ...next, nextDue: movedDue(next, context) };
}

/** Tags that a listing found and no success has defined yet: they go on, unless somebody took them away. */
function repositoryChecks(context: ReconcileContext): readonly CheckChange[] {
  const { before, after, checks } = context;
  return [...checks].flatMap(([name, previous]) => {
    const tag = repositoryTag(after, name);
    const cadence = tag && resolveCadence(after, tag);
    const isListed =
      isRepositoryCheck(before, name, checks) && isRepositoryCheck(after, name, checks);
    const isRemoved = before !== undefined && statusTag(before, name) && !statusTag(after, name);
    if (cadence === undefined || !isListed || isRemoved) return [];
    return [change(name, adjusted(previous, cadence, context), previous)];
  });
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
  return adjusted(previous, cadence, context);
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
