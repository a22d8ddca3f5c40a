import {
  deduplicationId,
  encodeQueuedJob,
  type ImportQueue,
  type QueuedImport,
  type QueuedJob,
  type QueueMetrics,
} from '@tagtrail/import-contract';
import { type GuardedRedis, openGuardedRedis } from '@tagtrail/redis-connection';
import { Queue } from 'bullmq';
import { forgetLostJobs } from './forget-lost-jobs.ts';
import { importQueueError } from './import-queue-error.ts';
import {
  DEFAULT_PREFIX,
  EVENTS_KEPT,
  JOB_NAME,
  JOB_OPTIONS,
  QUEUE_NAME,
  type QueueName,
} from './queue-settings.ts';
import { readQueueMetrics } from './read-queue-metrics.ts';
import { withdrawJobs } from './withdraw-jobs.ts';

/** Jobs per pipeline: more gain nothing (measured) and hold everybody else up for longer. */
const CHUNK = 1_000;

export interface ImportQueueOptions {
  readonly url: string;
  /** Prefix of every key, with the hash tag in braces; default DEFAULT_PREFIX. */
  readonly prefix?: string;
  /** Default: the scheduled ones. */
  readonly queue?: QueueName;
}

/**
 * Opens the producing side of the queue; resolves once Redis was reached. Commands fail at once while there is no
 * connection, after a bounded wait for one. Throws RedisConnectionError `invalid-url`, and ImportQueueError as every
 * method does: `unavailable` is worth another try.
 */
export async function openImportQueue(options: ImportQueueOptions): Promise<ImportQueue> {
  const guard = openGuardedRedis({ url: options.url, name: 'queue' });
  try {
    await guard.ready();
    const { prefix = DEFAULT_PREFIX, queue = QUEUE_NAME } = options;
    return new BullImportQueue(guard, { prefix, queue });
  } catch (error) {
    await guard[Symbol.asyncDispose]();
    throw importQueueError('reach the queue', error);
  }
}

class BullImportQueue implements ImportQueue {
  readonly #guard: GuardedRedis;
  readonly #queue: Queue;

  constructor(
    guard: GuardedRedis,
    { prefix, queue }: { readonly prefix: string; readonly queue: QueueName },
  ) {
    this.#guard = guard;
    this.#queue = new Queue(queue, {
      connection: guard.redis,
      prefix,
      defaultJobOptions: JOB_OPTIONS,
      streams: { events: { maxLen: EVENTS_KEPT } },
      // The check prints to the console.
      skipVersionCheck: true,
    });
    // Failed commands reject, and a lost connection shows in `ready`; an unheard 'error' event would throw.
    this.#queue.on('error', () => undefined);
  }

  enqueue(imports: readonly QueuedImport[]): Promise<void> {
    return this.#use('enqueue imports', async () => {
      for (let at = 0; at < imports.length; at += CHUNK) {
        await this.#add(imports.slice(at, at + CHUNK));
      }
    });
  }

  withdraw(jobs: readonly QueuedJob[]): Promise<void> {
    return this.#use('withdraw jobs', async () => {
      for (let at = 0; at < jobs.length; at += CHUNK) {
        const ids = jobs.slice(at, at + CHUNK).map(deduplicationId);
        await withdrawJobs(this.#queue, ids);
      }
    });
  }

  metrics(): Promise<QueueMetrics> {
    return this.#use('read the state of the queue', () =>
      readQueueMetrics(this.#queue, Date.now()),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue.close();
    await this.#guard[Symbol.asyncDispose]();
  }

  async #add(imports: readonly QueuedImport[]): Promise<void> {
    const expired = imports.filter(({ leaseExpired }) => leaseExpired);
    await forgetLostJobs(
      this.#queue,
      expired.map(({ job }) => deduplicationId(job)),
    );
    await this.#queue.addBulk(
      imports.map(({ job }) => ({
        name: JOB_NAME,
        data: encodeQueuedJob(job),
        opts: { deduplication: { id: deduplicationId(job) } },
      })),
    );
  }

  async #use<T>(attempt: string, work: () => Promise<T>): Promise<T> {
    try {
      await this.#guard.ready();
      return await work();
    } catch (error) {
      throw importQueueError(attempt, error);
    }
  }
}
