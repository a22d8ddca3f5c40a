import type { QueueMetrics } from '@tagtrail/import-contract';
import type { Queue } from 'bullmq';

const COUNTED = ['wait', 'prioritized', 'active', 'delayed', 'failed', 'completed'] as const;

/** Two round trips, of constant cost whatever the queue's length. `now` is ms since the epoch. */
export async function readQueueMetrics(queue: Queue, now: number): Promise<QueueMetrics> {
  const [counts, [oldest]] = await Promise.all([
    queue.getJobCounts(...COUNTED),
    queue.getJobs('wait', 0, 0, true),
  ]);
  const count = (state: (typeof COUNTED)[number]) => counts[state] ?? 0;
  return {
    waiting: count('wait') + count('prioritized'),
    active: count('active'),
    delayed: count('delayed'),
    failed: count('failed'),
    completed: count('completed'),
    // Another machine's clock may have stamped the job.
    oldestWait: oldest === undefined ? 0 : Math.max(0, now - oldest.timestamp),
  };
}
