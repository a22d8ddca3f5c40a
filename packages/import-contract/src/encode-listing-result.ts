import type { ListingOutcome } from '@tagtrail/image-stream';
import { failureFields, postponedFields, readFailure, readPostponed } from './failure-fields.ts';
import { listProblem, readListedTags } from './listed-tags.ts';
import {
  FROM_LIMIT,
  readDueReason,
  readRegistry,
  readStreamKey,
  streamKeyFields,
} from './payload-fields.ts';
import { requireListing } from './payload-kind.ts';
import { type Decoded, PayloadReader } from './payload-reader.ts';
import { REPOSITORY_LISTING_VERSION, type RepositoryListingResult } from './repository-listing.ts';
import { readRequest, requestFields } from './request-fields.ts';

const OUTCOME_KINDS: Readonly<Record<ListingOutcome['kind'], true>> = {
  listed: true,
  failed: true,
  postponed: true,
};

/**
 * JSON of the result's own fields. A list that is too long to be sent, or holds what is no tag name, becomes a
 * failure: it would be refused unread, and nobody would hear why.
 */
export function encodeListingResult(result: RepositoryListingResult): string {
  return JSON.stringify({
    kind: result.kind,
    version: result.version,
    fence: result.fence,
    key: streamKeyFields(result.key),
    generation: result.generation,
    reason: result.reason,
    dueAt: result.dueAt,
    startedAt: result.startedAt,
    finishedAt: result.finishedAt,
    registry: result.registry,
    from: result.from,
    outcome: outcomeFields(result.outcome),
    ...requestFields(result),
  } satisfies RepositoryListingResult);
}

/** Reads back what `encodeListingResult` made, once it is parsed. */
export function readListingResult(value: unknown): Decoded<'listing', RepositoryListingResult> {
  const payload = new PayloadReader(value);
  requireListing(payload);
  payload.version(REPOSITORY_LISTING_VERSION);
  const listing: RepositoryListingResult = {
    kind: 'repository-listing',
    version: REPOSITORY_LISTING_VERSION,
    fence: payload.count('fence', 1),
    key: readStreamKey(payload.part('key')),
    generation: payload.count('generation'),
    reason: readDueReason(payload),
    dueAt: payload.count('dueAt'),
    startedAt: payload.count('startedAt'),
    finishedAt: payload.count('finishedAt'),
    registry: readRegistry(payload),
    from: payload.text('from', FROM_LIMIT),
    outcome: readOutcome(payload.part('outcome')),
    ...readRequest(payload),
  };
  return payload.problem === undefined
    ? { ok: true, listing }
    : { ok: false, message: `not a repository listing result: ${payload.problem}` };
}

function outcomeFields(outcome: ListingOutcome): ListingOutcome {
  if (outcome.kind === 'failed') return failureFields(outcome);
  if (outcome.kind === 'postponed') return postponedFields(outcome);
  const { kind, tags } = outcome;
  const message = listProblem(tags);
  return message === undefined
    ? { kind, tags }
    : { kind: 'failed', reason: 'RegistryError', message, retryable: false };
}

function readOutcome(outcome: PayloadReader): ListingOutcome {
  const kind = outcome.oneOf('kind', OUTCOME_KINDS, 'failed');
  if (kind === 'listed') return { kind, tags: readListedTags(outcome) };
  return kind === 'postponed' ? readPostponed(outcome) : readFailure(outcome);
}
