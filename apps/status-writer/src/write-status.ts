import type { ImageDocumentStore } from '@tagtrail/image-stream';
import type { DeliveredResult, ResultBatch, ResultLog } from '@tagtrail/import-contract';
import { createBackoff, delay } from '@tagtrail/lifecycle';
import { describeError, type Logger } from '@tagtrail/observability';
import type { FoldDependencies } from './fold-dependencies.ts';
import { foldResults } from './fold-results.ts';

/** ms between looks for what other consumers left. */
const CLAIM_INTERVAL_MS = 5_000;
/** ms between house-keeping: trimming the log, freeing deleted streams. */
const KEEPING_INTERVAL_MS = 60_000;
/** Deleted streams freed in one go. */
const COLLECT_LIMIT = 100;

export interface WriteDependencies extends FoldDependencies {
  readonly results: ResultLog & { trim(): Promise<unknown> };
  readonly images: Pick<ImageDocumentStore, 'collect'>;
  readonly logger: Logger;
}

export interface WriteLimits {
  readonly batchSize: number;
  /** ms that a read waits for the first entry. */
  readonly batchWait: number;
  /** ms after which another consumer's unacknowledged entry is taken over. */
  readonly claimIdle: number;
  /** A result delivered more often than this is put aside for a person to see. */
  readonly maxDeliveries: number;
}

/**
 * The status writer's loop.
 *
 *   read (own leftovers, then new) ──▶ fold ──▶ acknowledged by the write itself
 *        ▲        every 5 s: claim what a dead consumer left ──▶ fold
 *        └─────── every 60 s: trim the log, free deleted streams
 */
export async function writeStatus(
  dependencies: WriteDependencies,
  limits: WriteLimits,
  signal: AbortSignal,
): Promise<void> {
  const { results, images, logger, metrics } = dependencies;
  const backoff = createBackoff({ first: 100, max: 5_000 });
  const claiming = every(CLAIM_INTERVAL_MS);
  const keeping = every(KEEPING_INTERVAL_MS);
  while (!signal.aborted) {
    try {
      const { batchSize: count, batchWait: wait, claimIdle: idle } = limits;
      await fold(await results.read({ count, wait }), dependencies, limits);
      if (claiming()) await fold(await results.claimStale({ count, idle }), dependencies, limits);
      if (keeping()) await Promise.all([results.trim(), images.collect(COLLECT_LIMIT)]);
      backoff.reset();
      metrics.progressed();
    } catch (error) {
      if (signal.aborted) return;
      const pause = backoff.next();
      logger.warn(
        { err: describeError(error), pause },
        'a batch was not written; it is delivered again',
      );
      await delay(pause, signal);
    }
  }
}

async function fold(
  batch: ResultBatch,
  dependencies: WriteDependencies,
  { maxDeliveries }: WriteLimits,
): Promise<void> {
  const { results, logger, metrics } = dependencies;
  const poisoned = batch.results.filter(({ deliveries }) => deliveries > maxDeliveries).map(burial);
  const buried = [...batch.undecodable, ...poisoned];
  if (buried.length > 0) {
    logger.error(
      { problems: buried.map(({ problem }) => problem) },
      'results were put aside as dead letters',
    );
    await results.bury(buried);
    metrics.buried(buried.length);
  }
  const fresh = batch.results.filter(({ deliveries }) => deliveries <= maxDeliveries);
  if (fresh.length === 0) return;
  await foldResults(fresh, dependencies, Date.now());
}

function burial({ receipt, result, deliveries }: DeliveredResult) {
  const { namespace, name, tag } = result.key;
  return {
    receipt,
    problem: `${namespace}/${name}:${tag} was not recorded in ${deliveries} deliveries`,
  };
}

/** True the first time and then once per `interval` (ms). */
function every(interval: number): () => boolean {
  let last = -Infinity;
  return () => {
    const now = performance.now();
    if (now - last < interval) return false;
    last = now;
    return true;
  };
}
