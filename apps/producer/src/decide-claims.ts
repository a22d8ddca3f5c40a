import {
  type CheckState,
  type CheckStore,
  type ClaimedTag,
  checkedTag,
  dueReason,
  type ImageStream,
  type ImageStreamStore,
  isOlderThanCheck,
  LISTING_TAG,
  listingCadence,
  resolveCadence,
} from '@tagtrail/image-stream';
import { createImportJob, createListingJob, type QueuedImport } from '@tagtrail/import-contract';
import { describeError } from '@tagtrail/observability';
import { type RestoreDependencies, restoreChecks } from './restore-checks.ts';

/** ms until a stream that is no good is tried again: often enough for whoever mends it, seldom enough for the log. */
const UNUSABLE_PAUSE_MS = 60_000;

export interface DecideDependencies extends RestoreDependencies {
  readonly streams: Pick<ImageStreamStore, 'read' | 'commit'>;
  readonly checks: Pick<CheckStore, 'readCheck'>;
}

/** What a claimed tag turned out to need. */
export type Decision =
  | { readonly kind: 'import'; readonly queued: QueuedImport }
  | { readonly kind: 'later'; readonly at: number }
  /** Nothing wants it looked at. */
  | { readonly kind: 'forget' }
  /** The record wants it looked at, but its check state was lost: it was made anew, and put in its place. */
  | { readonly kind: 'restored' }
  /** It was edited in this moment, and the edit has put it where it belongs. */
  | { readonly kind: 'leave' };

export interface DecidedClaim {
  readonly claim: ClaimedTag;
  readonly decision: Decision;
}

/**
 * Compares the claims of one stream with its record. Whatever is wrong with that one stream keeps nobody from the others;
 * only an outage, which concerns all of them, is thrown.
 */
export async function decideClaims(
  claims: readonly ClaimedTag[],
  dependencies: DecideDependencies,
  now: number,
): Promise<readonly DecidedClaim[]> {
  try {
    return await compare(claims, dependencies, now);
  } catch (error) {
    if (isOutage(error)) throw error;
    const stream = `${claims[0]?.namespace}/${claims[0]?.name}`;
    const what = 'a stream is unusable; none of its tags is looked at until somebody mends it';
    dependencies.logger.error({ stream, err: describeError(error) }, what);
    const decision = { kind: 'later', at: now + UNUSABLE_PAUSE_MS } as const;
    return claims.map((claim) => ({ claim, decision }));
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof Error && 'retryable' in error && error.retryable === true;
}

async function compare(
  claims: readonly ClaimedTag[],
  dependencies: DecideDependencies,
  now: number,
): Promise<readonly DecidedClaim[]> {
  const { streams, checks } = dependencies;
  const [{ namespace, name } = { namespace: '', name: '' }] = claims;
  const stream = await streams.read({ namespace, name });
  if (stream === undefined) return claims.map((claim) => ({ claim, decision: { kind: 'forget' } }));
  const uid = stream.metadata.uid ?? '';
  const states = await checks.readCheck(claims.map(({ tag }) => ({ namespace, name, uid, tag })));
  const edited = await isEdited(stream, states, dependencies);
  const decided = claims.map((claim, index) => ({
    claim,
    decision: decide(stream, claim, { state: states[index], edited, now }),
  }));
  const lost = decided.filter(({ decision }) => decision.kind === 'restored');
  const tags = lost.map(({ claim }) => claim.tag);
  if (tags.length > 0) await restoreChecks(stream, tags, dependencies, now);
  return decided;
}

/** Whether an edit fell between reading the record and reading its check states. */
async function isEdited(
  stream: ImageStream,
  states: readonly (CheckState | undefined)[],
  { streams }: DecideDependencies,
): Promise<boolean> {
  if (!states.some((state) => state && isOlderThanCheck(stream, state))) return false;
  const { namespace = '', name, resourceVersion } = stream.metadata;
  const current = await streams.read({ namespace, name });
  return current?.metadata.resourceVersion !== resourceVersion;
}

/** A tag that only a listing gave may have been removed meanwhile, and must not come back. */
function isDefined(stream: ImageStream, claim: ClaimedTag): boolean {
  return (stream.spec.tags ?? []).some(({ name }) => name === claim.tag);
}

interface Known {
  readonly state: CheckState | undefined;
  readonly edited: boolean;
  readonly now: number;
}

function decide(stream: ImageStream, claim: ClaimedTag, known: Known): Decision {
  const { state, edited, now } = known;
  const isListing = claim.tag === LISTING_TAG;
  const tag = isListing ? undefined : checkedTag(stream, claim.tag);
  const cadence = isListing ? listingCadence(stream) : tag && resolveCadence(stream, tag);
  if (cadence === undefined) return { kind: 'forget' };
  if (state === undefined)
    return { kind: isListing || isDefined(stream, claim) ? 'restored' : 'forget' };
  if (edited && isOlderThanCheck(stream, state)) return { kind: 'leave' };
  if (state.host !== claim.host || state.suspended) return { kind: 'forget' };
  if (state.nextDue === null) return { kind: 'forget' };
  const reason = dueReason(state, now);
  if (reason === undefined) return { kind: 'later', at: state.nextDue };
  const wanted = { stream, state, reason, dueAt: state.nextDue, now };
  const job = tag === undefined ? createListingJob(wanted) : createImportJob({ ...wanted, tag });
  return { kind: 'import', queued: { job, leaseExpired: claim.leaseExpired } };
}
