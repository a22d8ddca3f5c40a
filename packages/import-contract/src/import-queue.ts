import type { StopSignal } from '@tagtrail/image-stream';
import type { ImportJob } from './import-job.ts';
import type { RepositoryListingJob } from './repository-listing.ts';

/** What a run resolves to that wants its job to be run later, by whoever has room then. */
export const PUT_OFF = 'put off';

/** What a queue carries. */
export type QueuedJob = ImportJob | RepositoryListingJob;

export interface QueueMetrics {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
  readonly completed: number;
  /** ms that the oldest waiting job has waited; 0 when none waits. */
  readonly oldestWait: number;
}

export interface QueuedImport {
  readonly job: QueuedJob;
  /** The tag's earlier lease ran out: look for the earlier job and clear what it left behind. */
  readonly leaseExpired: boolean;
}

/** PORT, producer and api side. */
export interface ImportQueue extends AsyncDisposable {
  /** Adds jobs; one whose deduplication id is waiting or running adds nothing. */
  enqueue(imports: readonly QueuedImport[]): Promise<void>;
  /** Takes back those of the jobs that no worker has taken yet. */
  withdraw(jobs: readonly QueuedJob[]): Promise<void>;
  metrics(): Promise<QueueMetrics>;
}

/** PORT, worker side. */
export interface ImportJobSource extends AsyncDisposable {
  /**
   * Runs jobs until `signal` aborts, then takes no more and waits for the running ones.
   * `run` must not throw for an import that failed, only for broken infrastructure. A job for which it
   * resolves to `PUT_OFF` is given to somebody again after a while.
   */
  run(
    run: (job: QueuedJob, signal: StopSignal) => Promise<unknown>,
    signal: StopSignal,
  ): Promise<void>;
  /** Jobs running now, and when the last one ended (ms since the epoch). */
  progress(): {
    readonly active: number;
    readonly lastFinished: number | undefined;
    readonly ready: boolean;
  };
}
