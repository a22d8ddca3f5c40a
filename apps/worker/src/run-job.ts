import type { StopSignal } from '@tagtrail/image-stream';
import { isListingJob, type QueuedJob } from '@tagtrail/import-contract';
import type { HostGate } from './host-gate.ts';
import { registryOf } from './import-failure.ts';
import { type RunDependencies, runImport } from './run-import.ts';
import { runListing } from './run-listing.ts';

/** Runs a job of either kind. */
export function runJob(
  job: QueuedJob,
  dependencies: RunDependencies,
  stop: StopSignal,
): Promise<void> {
  return isListingJob(job)
    ? runListing(job, dependencies, stop)
    : runImport(job, dependencies, stop);
}

/** The same when its registry has room: the producer, which sees to that for scheduled jobs, has no part in these. */
export function runRequestedJob(
  job: QueuedJob,
  dependencies: RunDependencies & { readonly gate: HostGate },
  stop: StopSignal,
): Promise<void> {
  return dependencies.gate.run(registryOf(job.from), () => runJob(job, dependencies, stop), stop);
}
