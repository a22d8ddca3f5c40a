import type { StopSignal } from '@tagtrail/image-stream';
import { IMPORT_RESULT_VERSION, type ImportJob, type ResultLog } from '@tagtrail/import-contract';
import { imageName, registryOf } from './import-failure.ts';
import { type ImportDependencies, importTag } from './import-tag.ts';
import { lookWithin } from './look-within.ts';
import type { WorkerMetrics } from './worker-metrics.ts';

export interface RunDependencies extends ImportDependencies {
  readonly results: Pick<ResultLog, 'startRun' | 'append'>;
  readonly metrics: WorkerMetrics;
  /** ms for the whole look, all requests included. */
  readonly deadline: number;
}

/**
 * Runs one job: a fence first, so that the order of looks is known whatever the clocks say, then the look, then the
 * result on the log before the job ends. Throws only for broken infrastructure or a forced stop.
 */
export async function runImport(
  job: ImportJob,
  dependencies: RunDependencies,
  stop: StopSignal,
): Promise<void> {
  const { results, metrics, deadline } = dependencies;
  const { key, generation, requestCount, reason, dueAt, from, request, records } = job;
  const fence = await results.startRun();
  const startedAt = Date.now();
  const look = (signal: AbortSignal) => importTag(job, dependencies, signal);
  const outcome = await lookWithin(look, { name: imageName(from), deadline, stop });
  const finishedAt = Date.now();
  const registry = registryOf(from);
  await results.append({
    version: IMPORT_RESULT_VERSION,
    fence,
    key,
    generation,
    requestCount,
    reason,
    dueAt,
    startedAt,
    finishedAt,
    registry,
    from,
    outcome,
    ...(request === undefined ? {} : { request }),
    ...(records === undefined ? {} : { records }),
  });
  metrics.imported(registry, outcome, finishedAt - startedAt);
}
