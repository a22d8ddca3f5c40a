import { parseImageReference, resolveReference } from '@tagtrail/image-reference';
import { type ImportOutcome, type StopSignal, StoreError } from '@tagtrail/image-stream';
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
  const { key, generation, requestCount, reason, dueAt, from } = job;
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

/** The look, ended by the job's deadline, which is an outcome, or by a forced stop, which is none. */
async function lookWithin(
  job: ImportJob,
  dependencies: RunDependencies,
  stop: StopSignal,
): Promise<ImportOutcome> {
  const { deadline } = dependencies;
  const ended = new AbortController();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    ended.abort();
  }, deadline);
  const cancel = () => ended.abort();
  stop.addEventListener('abort', cancel, { once: true });
  // It may have come before anybody listened.
  if (stop.aborted) cancel();
  try {
    return await importTag(job, dependencies, ended.signal);
  } catch (error) {
    return outcomeOf(error, { job, deadline, late, forced: stop.aborted });
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', cancel);
  }
}

interface EndedLook {
  readonly job: ImportJob;
  readonly deadline: number;
  readonly late: boolean;
  readonly forced: boolean;
}

/** What a look that threw amounts to; throws again what is no fault of the registry's. */
function outcomeOf(error: unknown, { job, deadline, late, forced }: EndedLook): ImportOutcome {
  if (forced || error instanceof StoreError) throw error;
  if (late) {
    const seconds = Math.round(deadline / 1000);
    const advice = 'is the registry reachable and well?';
    return importFailure(
      'Timeout',
      `${job.from}: no complete answer within ${seconds} s; ${advice}`,
    );
  }
  const failure = failureOf(error);
  if (failure === undefined) throw error;
  return failure;
}

function registryOf(job: ImportJob): string {
  const parsed = parseImageReference(job.from);
  return parsed.ok ? resolveReference(parsed.reference).registry : 'unknown';
}
