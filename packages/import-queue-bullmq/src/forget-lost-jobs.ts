import type { Queue } from 'bullmq';

/** Where a job is that will still run, or runs. Ours are only ever in the first two, unless somebody meddles. */
const HELD = ['wait', 'active', 'delayed', 'prioritized', 'waiting-children'] as const;

/**
 * Jobs held at most for a look to be worth its reply of some ten bytes each. A queue this long is not short of work,
 * and what was lost comes back with a later lease. The producer stops adding long before.
 */
const HELD_LIMIT = 100_000;

/**
 * Clears what stands in the way of adding these deduplication ids again: BullMQ drops an add as long as the hash of
 * the earlier job exists, also when somebody deleted the list that held it and it will never run. A job that some
 * list still holds is left alone.
 */
export async function forgetLostJobs(queue: Queue, ids: readonly string[]): Promise<void> {
  if (ids.length === 0 || (await queue.getJobCountByTypes(...HELD)) > HELD_LIMIT) {
    return;
  }
  const known = await Promise.all(
    ids.map(async (id) => ({ id, jobId: await queue.getDeduplicationJobId(id) })),
  );
  // One script reads all lists, so that a job on its way from one to the next is not missed. Asking BullMQ for the
  // state of each job instead would scan the lists once a job: 18 s for 1,000 of 100,000 (measured).
  const held = new Set(await queue.getRanges([...HELD], 0, -1));
  await Promise.all(
    known.map(({ id, jobId }) =>
      jobId === null || held.has(jobId) ? undefined : forget(queue, id, jobId),
    ),
  );
}

async function forget(queue: Queue, id: string, jobId: string): Promise<void> {
  // Takes hash and deduplication key, except from a job that is locked, then only the key below goes.
  await queue.remove(jobId);
  await queue.removeDeduplicationKey(id);
}
