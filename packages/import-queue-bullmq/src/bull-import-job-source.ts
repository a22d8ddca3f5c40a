import {
  decodeQueuedJob,
  type ImportJobSource,
  PUT_OFF,
  type QueuedJob,
} from '@tagtrail/import-contract';
import { closeRedis } from '@tagtrail/redis-connection';
import { DelayedError, type Job, UnrecoverableError, WaitingError } from 'bullmq';
import type { Redis } from 'ioredis';
import { ImportQueueError, importQueueError } from './import-queue-error.ts';
import { inTime } from './in-time.ts';
import type { QueueName } from './queue-settings.ts';
import { TrackingWorker } from './tracking-worker.ts';

type StopSignal = Parameters<ImportJobSource['run']>[1];
type RunJob = Parameters<ImportJobSource['run']>[0];

/** ms that told-to-stop jobs get to end, before their locks are left to run out. Aborting a request takes a few. */
const STOP_GRACE = 2_000;

/**
 * BullMQ gives a job up that stalled more often: two workers may die under it by no fault of its own. After that the
 * schedule's lease brings it back.
 */
const MAX_STALLED = 2;

/**
 * ms that a job is put off: for the first time, doubled each time after, and at most. A registry with many jobs has room
 * again soon; one that hangs may have thousands waiting, and each time costs the server two moves.
 */
const PUT_OFF_PAUSE = { first: 100, most: 5_000 } as const;

/** ms until BullMQ fetches again after a connection error; its default of 15 s would be the longest part of an outage. */
const FETCH_RETRY = 1_000;

export interface JobSourceLimits {
  /** ms after which the jobs of a dead worker count as lost; renewed at half of it. */
  readonly lockDuration: number;
  /** ms between two looks for such jobs. A crash costs up to the sum of both. */
  readonly stalledInterval: number;
  /** s that one wait for a job takes; also how soon BullMQ notices a dead blocking connection. */
  readonly drainDelay: number;
}

export interface JobSourceParts {
  /** Used and closed by the source. */
  readonly connection: Redis;
  readonly prefix: string;
  readonly queue: QueueName;
  readonly concurrency: number;
  readonly limits: JobSourceLimits;
  readonly onError: (error: Error) => void;
}

/**
 * ```
 *        run            signal aborts                  all ended
 * idle ──────▶ taking ────────────────▶ draining ─────────────────▶ ended
 *                │ dispose                 │ dispose: tell jobs to stop, give them back
 *                └─────────────────────────┴──────▶ closed
 * ```
 */
export class BullImportJobSource implements ImportJobSource {
  readonly #connection: Redis;
  readonly #onError: (error: Error) => void;
  readonly #worker: TrackingWorker;
  readonly #disposed = Promise.withResolvers<void>();
  #run: RunJob | undefined;
  #loop: Promise<void> = Promise.resolve();
  #stopping = false;
  #disposal: Promise<void> | undefined;

  constructor(parts: JobSourceParts) {
    this.#connection = parts.connection;
    this.#onError = parts.onError;
    this.#worker = new TrackingWorker(
      parts.queue,
      // Three parameters are named, because BullMQ counts them to decide whether to make a signal.
      (job, token, signal) => this.#process(job, token, signal),
      {
        connection: parts.connection,
        prefix: parts.prefix,
        concurrency: parts.concurrency,
        ...parts.limits,
        maxStalledCount: MAX_STALLED,
        runRetryDelay: FETCH_RETRY,
        autorun: false,
        // The check prints to the console.
        skipVersionCheck: true,
      },
    );
    this.#listen();
  }

  /** Resolves when both connections are. */
  ready(): Promise<void> {
    return this.#worker.waitUntilReady();
  }

  async run(run: RunJob, signal: StopSignal): Promise<void> {
    if (signal.aborted || this.#disposal !== undefined) {
      return;
    }
    this.#run = run;
    this.#loop = this.#worker.run();
    await Promise.race([aborted(signal), this.#disposed.promise, this.#loop]);
    this.#stopping = true;
    // Does not interrupt the wait for a job, which might hang without a connection: one that comes is given back.
    await this.#worker.pause(true);
    await Promise.race([this.#worker.idle(), this.#disposed.promise]);
  }

  progress(): ReturnType<ImportJobSource['progress']> {
    return {
      active: this.#worker.active,
      lastFinished: this.#worker.lastFinished,
      ready: this.#worker.isRunning() && !this.#stopping && this.#connection.status === 'ready',
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= this.#dispose();
    return this.#disposal;
  }

  async #dispose(): Promise<void> {
    this.#stopping = true;
    this.#worker.cancelAllJobs('the worker is stopping');
    await inTime(STOP_GRACE, this.#worker.idle());
    await this.#worker.shut();
    // A job may just be on its way; it is given back, if there is a connection to do so.
    if (this.#connection.status === 'ready') {
      await inTime(STOP_GRACE, this.#loop);
    }
    closeRedis(this.#connection);
    this.#disposed.resolve();
  }

  #listen(): void {
    this.#worker.on('error', (error) => this.#report(importQueueError('work on the queue', error)));
    this.#worker.on('failed', (job, error) => this.#report(jobFailed(job, error)));
    // Somebody else may be running them by now, or will.
    this.#worker.on('lockRenewalFailed', (jobIds) => {
      for (const jobId of jobIds) {
        this.#worker.cancelJob(jobId, 'the lock was lost');
      }
    });
  }

  async #process(job: Job<unknown>, token?: string, signal?: AbortSignal): Promise<void> {
    if (this.#stopping) {
      await giveBack(job, token);
    }
    const importJob = decode(job);
    const end = await this.#runOrGiveBack(importJob, { job, token, signal });
    if (end === PUT_OFF) await putOff(job, token);
  }

  async #runOrGiveBack(
    importJob: QueuedJob,
    taken: {
      readonly job: Job<unknown>;
      readonly token: string | undefined;
      readonly signal: AbortSignal | undefined;
    },
  ): ReturnType<RunJob> {
    try {
      return await this.#run?.(importJob, taken.signal ?? new AbortController().signal);
    } catch (error) {
      if (this.#stopping) {
        await giveBack(taken.job, taken.token);
      }
      throw error;
    }
  }

  /** Told to stop, connections break and locks get lost by intent. */
  #report(error: Error): void {
    if (this.#disposal === undefined) {
      this.#onError(error);
    }
  }
}

function decode(job: Job<unknown>): QueuedJob {
  const decoded = decodeQueuedJob(job.data);
  if (!decoded.ok) {
    throw new UnrecoverableError(decoded.message);
  }
  return decoded.job;
}

/** Puts a job back to where it is taken next. Always throws: BullMQ then leaves it there. */
async function giveBack(job: Job<unknown>, token: string | undefined): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}

function jobFailed(job: Job<unknown> | undefined, error: Error): ImportQueueError {
  const message = `job ${job?.id ?? 'unknown'} failed: ${error.message}`;
  return new ImportQueueError('job-failed', message, { cause: error });
}

function aborted(signal: StopSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    }
    signal.addEventListener('abort', resolve, { once: true });
  });
}

/** Has a job taken again a while later. Always throws: BullMQ then leaves it among the delayed ones. */
async function putOff(job: Job<unknown>, token: string | undefined): Promise<never> {
  const pause = PUT_OFF_PAUSE.first * 2 ** Math.max(0, job.attemptsStarted - 1);
  await job.moveToDelayed(Date.now() + Math.min(pause, PUT_OFF_PAUSE.most), token);
  throw new DelayedError();
}
