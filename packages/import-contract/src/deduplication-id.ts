import type { ImportJob } from './import-job.ts';

/**
 * Identifies one wanted look: `uid:tag:generation:requestCount`. Never uid and tag alone, because the queue keeps
 * the old payload when an id is added twice, and an edit would be lost.
 */
export function deduplicationId(job: ImportJob): string {
  return `${job.key.uid}:${job.key.tag}:${job.generation}:${job.requestCount}`;
}
