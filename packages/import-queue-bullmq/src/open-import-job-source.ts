import type { ImportJobSource } from '@tagtrail/import-contract';
import { openRedis, READY_WAIT } from '@tagtrail/redis-connection';
import { BullImportJobSource, type JobSourceLimits } from './bull-import-job-source.ts';
import { ImportQueueError } from './import-queue-error.ts';
import { inTime } from './in-time.ts';
import { DEFAULT_PREFIX, QUEUE_NAME, type QueueName } from './queue-settings.ts';

const LIMITS: JobSourceLimits = {
  // More than twice the deadline of an import, so that only a dead or blocked process loses a lock.
  lockDuration: 30_000,
  stalledInterval: 15_000,
  drainDelay: 5,
};

export interface ImportJobSourceOptions {
  readonly url: string;
  /** As given to `openImportQueue`. */
  readonly prefix?: string;
  readonly queue?: QueueName;
  /** Jobs run at once. */
  readonly concurrency: number;
  /** Hears of jobs that failed (`job-failed`) and of trouble with Redis, which the source survives by itself. */
  readonly onError: (error: Error) => void;
  readonly limits?: Partial<JobSourceLimits>;
}

/**
 * Opens the working side of the queue; resolves once Redis was reached. It outlives any outage of Redis. Throws
 * RedisConnectionError `invalid-url` and ImportQueueError `unavailable`.
 */
export async function openImportJobSource(
  options: ImportJobSourceOptions,
): Promise<ImportJobSource> {
  const source = new BullImportJobSource({
    connection: openRedis({ url: options.url, name: 'worker', blocking: true }),
    prefix: options.prefix ?? DEFAULT_PREFIX,
    queue: options.queue ?? QUEUE_NAME,
    concurrency: options.concurrency,
    limits: { ...LIMITS, ...options.limits },
    onError: options.onError,
  });
  if (await inTime(READY_WAIT, source.ready())) {
    return source;
  }
  await source[Symbol.asyncDispose]();
  throw new ImportQueueError(
    'unavailable',
    `could not reach the queue: no usable Redis connection within ${READY_WAIT} ms`,
  );
}
