import { FROM_LIMIT, readDueReason, readStreamKey, streamKeyFields } from './payload-fields.ts';
import { requireListing } from './payload-kind.ts';
import { type Decoded, PayloadReader } from './payload-reader.ts';
import { REPOSITORY_LISTING_VERSION, type RepositoryListingJob } from './repository-listing.ts';
import { readRequest, requestFields } from './request-fields.ts';

/** The job as plain JSON, its own fields only: what the queue stores. */
export function encodeListingJob(job: RepositoryListingJob): RepositoryListingJob {
  return {
    kind: job.kind,
    version: job.version,
    key: streamKeyFields(job.key),
    generation: job.generation,
    reason: job.reason,
    dueAt: job.dueAt,
    createdAt: job.createdAt,
    from: job.from,
    insecure: job.insecure,
    ...requestFields(job),
  };
}

/** Reads back what `encodeListingJob` made, from a queue that anyone with access to Redis may have written to. */
export function decodeListingJob(value: unknown): Decoded<'job', RepositoryListingJob> {
  const payload = new PayloadReader(value);
  requireListing(payload);
  payload.version(REPOSITORY_LISTING_VERSION);
  const job: RepositoryListingJob = {
    kind: 'repository-listing',
    version: REPOSITORY_LISTING_VERSION,
    key: readStreamKey(payload.part('key')),
    generation: payload.count('generation'),
    reason: readDueReason(payload),
    dueAt: payload.count('dueAt'),
    createdAt: payload.count('createdAt'),
    from: payload.text('from', FROM_LIMIT),
    insecure: payload.flag('insecure'),
    ...readRequest(payload),
  };
  return payload.problem === undefined
    ? { ok: true, job }
    : { ok: false, message: `not a repository listing job: ${payload.problem}` };
}
