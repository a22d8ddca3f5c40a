import {
  IMPORT_JOB_VERSION,
  type ImportJob,
  type ImportJobSource,
  isListingJob,
  type QueuedImport,
  type QueuedJob,
  REPOSITORY_LISTING_VERSION,
  type RepositoryListingJob,
} from '@tagtrail/import-contract';

type StopSignal = Parameters<ImportJobSource['run']>[1];

/** A job for one tag. For tests only. */
export function importJob(tag: string, change: Partial<ImportJob> = {}): ImportJob {
  return {
    version: IMPORT_JOB_VERSION,
    key: { namespace: 'shop', name: 'web', uid: '0d1f', tag },
    generation: 1,
    requestCount: 0,
    reason: 'interval',
    dueAt: 1_000,
    createdAt: 1_001,
    from: 'redis:7',
    insecure: false,
    importMode: 'Legacy',
    ...change,
  };
}

/** A job that lists a repository. For tests only. */
export function listingJob(change: Partial<RepositoryListingJob> = {}): RepositoryListingJob {
  return {
    kind: 'repository-listing',
    version: REPOSITORY_LISTING_VERSION,
    key: { namespace: 'shop', name: 'web', uid: '0d1f' },
    generation: 1,
    reason: 'never-imported',
    dueAt: 1_000,
    createdAt: 1_001,
    from: 'redis',
    insecure: false,
    ...change,
  };
}

/** `importJob`s as the producer hands them over. */
export function queued(tags: readonly string[], leaseExpired = false): QueuedImport[] {
  return tags.map((tag) => ({ job: importJob(tag), leaseExpired }));
}

/** A `run` callback that remembers what it ran and lets a test wait for it. */
export class Runs {
  readonly jobs: QueuedJob[] = [];
  readonly signals: StopSignal[] = [];
  /** What each run does after it was noted. */
  work: (job: QueuedJob, signal: StopSignal) => Promise<void> = async () => undefined;
  readonly #waiters: { readonly count: number; readonly resolve: () => void }[] = [];

  readonly run = async (job: QueuedJob, signal: StopSignal): Promise<void> => {
    this.jobs.push(job);
    this.signals.push(signal);
    for (const { count, resolve } of this.#waiters) {
      if (this.jobs.length >= count) {
        resolve();
      }
    }
    await this.work(job, signal);
  };

  get tags(): string[] {
    return this.jobs.map((job) => (isListingJob(job) ? '*' : job.key.tag));
  }

  /** Resolves when `count` runs have begun. */
  begun(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.push({ count, resolve });
      if (this.jobs.length >= count) {
        resolve();
      }
    });
  }
}

/** Rejects when told to stop, like a well-behaved import. */
export function untilStopped(signal: StopSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
  });
}
