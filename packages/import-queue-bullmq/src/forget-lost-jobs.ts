import type { Queue } from 'bullmq';

/** States in which a job will still run, or runs. */
const HELD_STATES = new Set(['active', 'delayed', 'prioritized', 'waiting', 'waiting-children']);

/**
 * Clears what stands in the way of adding these deduplication ids again: BullMQ drops an add as long as the hash of
 * the earlier job exists, also when somebody deleted the list that held it and it will never run. A job that some
 * list still holds is left alone.
 */
export async function forgetLostJobs(queue: Queue, ids: readonly string[]): Promise<void> {
  // Sent together, so this is a few round trips for all of them.
  await Promise.all(ids.map((id) => forgetLostJob(queue, id)));
}

async function forgetLostJob(queue: Queue, id: string): Promise<void> {
  const jobId = await queue.getDeduplicationJobId(id);
  if (jobId === null || HELD_STATES.has(await queue.getJobState(jobId))) {
    return;
  }
  // Takes hash and deduplication key, except from a job that is locked, then only the key below goes.
  await queue.remove(jobId);
  await queue.removeDeduplicationKey(id);
}
