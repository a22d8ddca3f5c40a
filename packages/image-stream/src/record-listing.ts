import type { CheckState } from './check-state.ts';
import type { ImageStream } from './image-stream.ts';
import type { CheckChange } from './image-stream-store.ts';
import type { ListingOutcome } from './import-outcome.ts';
import { nextCheck } from './next-check.ts';
import type { Verdict } from './record-import.ts';
import { recordVersion } from './record-version.ts';
import { LISTED_TAGS_IMPORTED, LISTING_TAG, repositoryTag } from './repository-tags.ts';
import { resolveCadence } from './resolve-cadence.ts';
import type { ScheduleSettings } from './schedule-settings.ts';
import { MAX_TAGS } from './validate-image-stream.ts';

/** A look at the names of all tags of a followed repository, with what decides whether it counts. */
export interface ListedRepository {
  readonly generation: number;
  readonly fence: number;
  /** `spec.dockerImageRepository` as it was asked for. */
  readonly from: string;
  readonly outcome: ListingOutcome;
}

export interface RecordedListing {
  readonly verdict: Verdict;
  readonly checks: readonly CheckChange[];
}

/**
 * What a listing means for a stream: its first tags by priority are due, each once; the record itself stays as it is
 * until they succeed. A failed listing is tried again like a failed import. Idempotent, and fences decide the order.
 */
export function recordListing(
  stream: ImageStream,
  listed: ListedRepository,
  context: {
    readonly checks: ReadonlyMap<string, CheckState>;
    readonly now: number;
    readonly settings: ScheduleSettings;
  },
): RecordedListing {
  const { checks, now } = context;
  const state = checks.get(LISTING_TAG);
  const isFollowed = stream.spec.dockerImageRepository === listed.from;
  if (state === undefined || !isFollowed) return { verdict: 'gone', checks: [] };
  if (listed.generation !== state.generation) {
    const due = { ...state, nextDue: state.suspended ? null : now };
    return { verdict: 'stale', checks: [{ tag: LISTING_TAG, state: due }] };
  }
  if (listed.fence <= state.fence) return { verdict: 'superseded', checks: [] };
  const verdict = listed.outcome.kind === 'postponed' ? 'postponed' : 'recorded';
  return { verdict, checks: outcomeChecks(stream, listed, { ...context, state }) };
}

interface ListingContext {
  readonly checks: ReadonlyMap<string, CheckState>;
  readonly state: CheckState;
  readonly now: number;
  readonly settings: ScheduleSettings;
}

function outcomeChecks(
  stream: ImageStream,
  { outcome, generation, fence, from }: ListedRepository,
  context: ListingContext,
): readonly CheckChange[] {
  const { state, now } = context;
  if (outcome.kind !== 'listed') {
    const later = nextCheck(state, { tag: LISTING_TAG, generation, fence, from, outcome }, context);
    return [{ tag: LISTING_TAG, state: later }];
  }
  const done: CheckState = {
    ...state,
    fence,
    lastChecked: now,
    lastChanged: now,
    nextDue: null,
    attempts: 0,
    outcome: 'imported',
    message: '',
  };
  return [{ tag: LISTING_TAG, state: done }, ...newTags(stream, outcome.tags, context)];
}

/** Tags that the stream has not, among those that a listing imports. */
function newTags(
  stream: ImageStream,
  tags: readonly string[],
  { checks, now }: ListingContext,
): readonly CheckChange[] {
  const defined = new Set((stream.spec.tags ?? []).map(({ name }) => name));
  const pending = [...checks.keys()].filter((name) => name !== LISTING_TAG && !defined.has(name));
  const room = Math.max(0, MAX_TAGS - defined.size - pending.length);
  const fresh = tags.slice(0, LISTED_TAGS_IMPORTED).flatMap((name) => {
    const tag = repositoryTag(stream, name);
    const cadence = tag && resolveCadence(stream, tag);
    if (defined.has(name) || checks.has(name) || cadence === undefined) return [];
    const state: CheckState = {
      ...cadence,
      // Whoever removed a tag of this name before has written the record since.
      generation: Math.max(recordVersion(stream), 1),
      fence: 0,
      lastChecked: null,
      lastChanged: null,
      nextDue: cadence.suspended ? null : now,
      attempts: 0,
      outcome: 'never',
      message: '',
      upstreamDigest: null,
      image: null,
    };
    return [{ tag: name, state }];
  });
  return fresh.slice(0, room);
}
