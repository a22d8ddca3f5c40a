import { decodePrefetchJob, type PrefetchJob, type PrefetchQueue } from '@tagtrail/import-contract';
import {
  closeRedis,
  type GuardedRedis,
  openGuardedRedis,
  openRedis,
} from '@tagtrail/redis-connection';
import { type Job, type JobsOptions, Queue, UnrecoverableError } from 'bullmq';
import { ImportQueueError, importQueueError } from './import-queue-error.ts';
import { inTime } from './in-time.ts';
import { DEFAULT_PREFIX, EVENTS_KEPT } from './queue-settings.ts';
import { TrackingWorker } from './tracking-worker.ts';

const QUEUE = 'prefetches';
const JOB_NAME = 'prefetch';
/** ms that running jobs get to end when the process stops; what is left is taken again after its lock has run out. */
const STOP_GRACE = 1_000;
/** Jobs that one process runs at once: each is many downloads. */
const CONCURRENCY = 2;
const JOB_OPTIONS: JobsOptions = {
  // 5 s, 10 s, …: the last one comes after three quarters of an hour. Then the image is copied when somebody pulls it.
  attempts: 10,
  backoff: { type: 'exponential', delay: 5_000 },
  removeOnComplete: true,
  // A job that is kept would swallow the next one for the same image.
  removeOnFail: true,
};

export interface PrefetchQueueOptions {
  readonly url: string;
  /** As given to `openImportQueue`. */
  readonly prefix?: string;
  /** Hears of jobs that failed (`job-failed`) and of trouble with Redis, which the queue survives by itself. */
  readonly onError: (error: Error) => void;
}

/** Opens the queue of images to copy; resolves once Redis was reached. Throws ImportQueueError `unavailable`. */
export async function openPrefetchQueue(options: PrefetchQueueOptions): Promise<PrefetchQueue> {
  const guard = openGuardedRedis({ url: options.url, name: 'prefetch-queue' });
  try {
    await guard.ready();
    return new BullPrefetchQueue(guard, options);
  } catch (error) {
    await guard[Symbol.asyncDispose]();
    throw importQueueError('reach the queue', error);
  }
}

class BullPrefetchQueue implements PrefetchQueue {
  readonly #guard: GuardedRedis;
  readonly #options: PrefetchQueueOptions;
  readonly #queue: Queue;
  #worker: TrackingWorker | undefined;

  constructor(guard: GuardedRedis, options: PrefetchQueueOptions) {
    this.#guard = guard;
    this.#options = options;
    this.#queue = new Queue(QUEUE, {
      connection: guard.redis,
      prefix: options.prefix ?? DEFAULT_PREFIX,
      defaultJobOptions: JOB_OPTIONS,
      streams: { events: { maxLen: EVENTS_KEPT } },
      skipVersionCheck: true,
    });
    this.#queue.on('error', () => undefined);
  }

  async add(jobs: readonly PrefetchJob[]): Promise<void> {
    try {
      await this.#guard.ready();
      await this.#queue.addBulk(
        jobs.map((job) => ({ name: JOB_NAME, data: job, opts: { jobId: jobId(job) } })),
      );
    } catch (error) {
      throw importQueueError('enqueue prefetches', error);
    }
  }

  async run(...[runJob, signal]: Parameters<PrefetchQueue['run']>): Promise<void> {
    if (signal.aborted) return;
    const { url, prefix = DEFAULT_PREFIX, onError } = this.#options;
    const connection = openRedis({ url, name: 'prefetch-worker', blocking: true });
    const worker = new TrackingWorker(QUEUE, (job) => runJob(decode(job)), {
      connection,
      prefix,
      concurrency: CONCURRENCY,
      autorun: false,
      skipVersionCheck: true,
    });
    this.#worker = worker;
    worker.on('error', (error) => onError(importQueueError('work on the queue', error)));
    worker.on('failed', (job, error) => onError(jobFailed(job, error)));
    const loop = worker.run();
    await new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    await worker.pause(true);
    await inTime(STOP_GRACE, worker.idle());
    await worker.shut();
    await inTime(STOP_GRACE, loop);
    closeRedis(connection);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker?.shut();
    await this.#queue.close();
    await this.#guard[Symbol.asyncDispose]();
  }
}

/** One job for one image of one stream, as long as it waits. BullMQ takes no colons. */
function jobId({ key, image }: PrefetchJob): string {
  return `${key.uid}.${image.replace(':', '-')}`;
}

function decode(job: Job<unknown>): PrefetchJob {
  const decoded = decodePrefetchJob(job.data);
  if (decoded.ok) return decoded.job;
  throw new UnrecoverableError(decoded.message);
}

function jobFailed(job: Job<unknown> | undefined, error: Error): ImportQueueError {
  const message = `prefetch ${job?.id ?? 'unknown'} failed: ${error.message}`;
  return new ImportQueueError('job-failed', message, { cause: error });
}
