import type { StopSignal } from '@tagtrail/image-stream';
import { isListingJob, PUT_OFF, type QueuedJob } from '@tagtrail/import-contract';
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

/**
 * The same when its registry has room: the producer, which sees to that for scheduled jobs, has no part in these. When
 * many wait for the registry already, the job is put off: one that hangs must not fill the worker with its jobs.
 */
export async function runRequestedJob(
  job: QueuedJob,
  dependencies: RunDependencies & { readonly gate: HostGate; readonly heldPerHost: number },
  stop: StopSignal,
): Promise<typeof PUT_OFF | undefined> {
  const { gate, heldPerHost } = dependencies;
  const host = registryOf(job.from);
  if (gate.waitingFor(host) >= heldPerHost) return PUT_OFF;
  await gate.run(host, () => runJob(job, dependencies, stop), stop);
  return undefined;
}
