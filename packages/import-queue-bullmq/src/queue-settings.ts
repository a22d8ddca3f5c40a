import type { JobsOptions } from 'bullmq';

/** Scheduled imports, and those that somebody waits for: they never wait for each other. */
export type QueueName = 'imports' | 'requested-imports';
export const QUEUE_NAME: QueueName = 'imports';

/** The name of all jobs. */
export const JOB_NAME = 'import';

/** Its braces keep all keys of the queue in one slot of a Redis Cluster, apart from the records' slot. */
export const DEFAULT_PREFIX = '{tagtrail-queue}';

/** Events kept on the stream that BullMQ writes for every job and nobody of ours reads; its default is 10,000. */
export const EVENTS_KEPT = 1_000;

/** Failed jobs are for people to read: our code or Redis broke, since a failed import completes its job. */
const FAILED_KEPT = 1_000;
const FAILED_AGE_SECONDS = 86_400;

/** What every job of ours has in common. */
export const JOB_OPTIONS: JobsOptions = {
  // The schedule's lease is the retry: it also covers what BullMQ cannot know, such as deleted keys.
  attempts: 1,
  removeOnComplete: true,
  // Safe only because jobs have deduplication ids and no ids of their own: a kept job id swallows later adds.
  removeOnFail: { count: FAILED_KEPT, age: FAILED_AGE_SECONDS },
};
