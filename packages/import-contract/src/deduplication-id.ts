import { LISTING_TAG } from '@tagtrail/image-stream';
import { isListingJob } from './encode-queued-job.ts';
import type { QueuedJob } from './import-queue.ts';

/**
 * Identifies one wanted look: `uid:tag:generation:requestCount`, or the slot of the request that waits for it. Never
 * uid and tag alone, because the queue keeps the old payload when an id is added twice, and an edit would be lost.
 */
export function deduplicationId(job: QueuedJob): string {
  if (job.request !== undefined) {
    return `request:${job.request.id}:${job.request.slot}`;
  }
  return isListingJob(job)
    ? `${job.key.uid}:${LISTING_TAG}:${job.generation}:0`
    : `${job.key.uid}:${job.key.tag}:${job.generation}:${job.requestCount}`;
}
