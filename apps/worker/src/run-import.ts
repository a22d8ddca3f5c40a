import { parseImageReference, resolveReference } from '@tagtrail/image-reference';
import type { ImportOutcome, StopSignal } from '@tagtrail/image-stream';
import { IMPORT_RESULT_VERSION, type ImportJob, type ResultLog } from '@tagtrail/import-contract';
import { failureOf, importFailure } from './import-failure.ts';
import { type ImportDependencies, importTag } from './import-tag.ts';
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
  const { results, metrics } = dependencies;
  const fence = await results.startRun();
  const startedAt = Date.now();
  const outcome = await lookWithin(job, dependencies, stop);
  const finishedAt = Date.now();
  const registry = registryOf(job);
  const { version: _, ...rest } = job;
  const { key, generation, requestCount, reason, dueAt, from } = rest;
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
  });
  metrics.imported(registry, outcome, finishedAt - startedAt);
}

async function lookWithin(
  job: ImportJob,
  dependencies: RunDependencies,
  stop: StopSignal,
): Promise<ImportOutcome> {
  const forced = new AbortController();
  const cancel = () => forced.abort();
  stop.addEventListener('abort', cancel, { once: true });
  const late = AbortSignal.timeout(dependencies.deadline);
  try {
    return await importTag(job, dependencies, AbortSignal.any([late, forced.signal]));
  } catch (error) {
    if (forced.signal.aborted) throw error;
    if (late.aborted) {
      const seconds = Math.round(dependencies.deadline / 1000);
      return importFailure(
        'Timeout',
        `${job.from}: no complete answer within ${seconds} s; is the registry reachable and well?`,
      );
    }
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    return failure;
  } finally {
    stop.removeEventListener('abort', cancel);
  }
}

function registryOf(job: ImportJob): string {
  const parsed = parseImageReference(job.from);
  return parsed.ok ? resolveReference(parsed.reference).registry : 'unknown';
}
