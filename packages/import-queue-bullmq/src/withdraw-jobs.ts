import type { Queue } from 'bullmq';

/** Takes back the jobs behind these deduplication ids. One that a worker has taken is locked, and stays. */
export async function withdrawJobs(queue: Queue, ids: readonly string[]): Promise<void> {
  await Promise.all(ids.map((id) => withdraw(queue, id)));
}

async function withdraw(queue: Queue, id: string): Promise<void> {
  const jobId = await queue.getDeduplicationJobId(id);
  // Removing the job takes its deduplication key along.
  if (jobId !== null) await queue.remove(jobId);
}
