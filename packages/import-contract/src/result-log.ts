import type { Receipt } from '@tagtrail/image-stream';
import type { ImportResult, ResultBatch, ResultLogStats } from './import-result.ts';
import type { RepositoryListingResult } from './repository-listing.ts';

/** PORT. The stream of results between workers and status writers: at least once, in order of appending. */
export interface ResultLog extends AsyncDisposable {
  /** Issues the fence of a run: greater than every one before. Called before the run's first request. */
  startRun(): Promise<number>;
  append(result: ImportResult | RepositoryListingResult): Promise<void>;
  /** Own unacknowledged entries first, then new ones; waits at most `wait` ms. */
  read(limits: { readonly count: number; readonly wait: number }): Promise<ResultBatch>;
  /** Entries that another consumer took and left for at least `idle` ms. */
  claimStale(limits: { readonly count: number; readonly idle: number }): Promise<ResultBatch>;
  /** Copies entries to the dead letters and acknowledges them. */
  bury(entries: readonly { readonly receipt: Receipt; readonly problem: string }[]): Promise<void>;
  stats(): Promise<ResultLogStats>;
}
