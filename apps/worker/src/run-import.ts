import type { StopSignal } from '@tagtrail/image-stream';
import { IMPORT_RESULT_VERSION, type ImportJob, type ResultLog } from '@tagtrail/import-contract';
import type { RegistryClient } from '@tagtrail/registry-client';
import { imageName, registryOf } from './import-failure.ts';
import { type ImportDependencies, importTag } from './import-tag.ts';
import type { JointHeads } from './joint-heads.ts';
import { lookWithin } from './look-within.ts';
import type { WorkerMetrics } from './worker-metrics.ts';

export interface RunDependencies extends ImportDependencies {
  readonly results: Pick<ResultLog, 'startRun' | 'append'>;
  readonly metrics: WorkerMetrics;
  /** Without them every look asks for itself. */
  readonly heads?: JointHeads;
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
  const sharing = joinHeads(job, dependencies, fence);
  const look = (signal: AbortSignal) => importTag(job, sharing, signal);
  const outcome = await lookWithin(look, { name: imageName(from), deadline, stop });
  const finishedAt = Date.now();
  const registry = registryOf(from);
  await results.append({
    version: IMPORT_RESULT_VERSION,
    fence: sharing.asOf(),
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

/** The dependencies of a look that may be answered by another one, and the fence that its answer counts from. */
function joinHeads(
  { key, request }: ImportJob,
  dependencies: RunDependencies,
  fence: number,
): RunDependencies & { readonly asOf: () => number } {
  const { registry, heads } = dependencies;
  let asOf = fence;
  // Whoever waits for an answer wants what is true now.
  if (heads === undefined || request !== undefined) return { ...dependencies, asOf: () => fence };
  const headManifest: RegistryClient['headManifest'] = async (target, reference, signal) => {
    const credentials = target.credentials === undefined ? '' : `of namespace ${key.namespace}`;
    const shared = await heads.head({ target, reference, credentials, fence }, signal);
    asOf = Math.min(asOf, shared.fence);
    return shared.head;
  };
  return { ...dependencies, registry: { ...registry, headManifest }, asOf: () => asOf };
}
