import { decodeImportJob, encodeImportJob } from './encode-import-job.ts';
import { decodeListingJob, encodeListingJob } from './encode-listing-job.ts';
import type { QueuedJob } from './import-queue.ts';
import { payloadKind } from './payload-kind.ts';
import type { Decoded } from './payload-reader.ts';
import type { RepositoryListingJob } from './repository-listing.ts';

/** A job, or why the payload is none; the message names fields and never repeats their values. */
export type DecodedQueuedJob = Decoded<'job', QueuedJob>;

/** True for a job that asks for the names of a repository's tags, false for one that asks for an image. */
export function isListingJob(job: QueuedJob): job is RepositoryListingJob {
  return 'kind' in job;
}

/** The job as plain JSON, its own fields only: what a queue stores. */
export function encodeQueuedJob(job: QueuedJob): QueuedJob {
  return isListingJob(job) ? encodeListingJob(job) : encodeImportJob(job);
}

/** Reads back what `encodeQueuedJob` made, from a queue that anyone with access to Redis may have written to. */
export function decodeQueuedJob(value: unknown): DecodedQueuedJob {
  switch (payloadKind(value)) {
    case 'import':
      return decodeImportJob(value);
    case 'listing':
      return decodeListingJob(value);
    case 'unknown':
      return { ok: false, message: 'not a job: its kind is unknown' };
  }
}
