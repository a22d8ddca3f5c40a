import { LISTING_TAG } from '@tagtrail/image-stream';
import type {
  DeliveredListing,
  DeliveredResult,
  ResultBatch,
  ResultLog,
} from '@tagtrail/import-contract';
import { createBackoff, delay } from '@tagtrail/lifecycle';
import { describeError } from '@tagtrail/observability';
import type { FoldDependencies } from './fold-dependencies.ts';
import { foldResults } from './fold-results.ts';

/** ms between looks for what other consumers left, and for what this one could not write. */
const CLAIM_INTERVAL_MS = 5_000;

export interface WriteDependencies extends FoldDependencies {
  readonly results: Pick<ResultLog, 'read' | 'claimStale' | 'bury'>;
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
 *        ▲                              ▲ └──outage──▶ wait ─┐
 *        │                              └────────────────────┘
 *        └──── every 5 s: claim what was left behind ──▶ fold
 */
export async function writeStatus(
  dependencies: WriteDependencies,
  limits: WriteLimits,
  signal: AbortSignal,
): Promise<void> {
  const { results, logger, metrics } = dependencies;
  const { batchSize: count, batchWait: wait, claimIdle: idle } = limits;
  const backoff = createBackoff({ first: 100, max: 5_000 });
  const claiming = every(CLAIM_INTERVAL_MS);
  let held: ResultBatch | undefined;
  while (!signal.aborted) {
    try {
      held ??= claiming()
        ? await results.claimStale({ count, idle })
        : await results.read({ count, wait });
      await fold(held, dependencies, limits);
      held = undefined;
      backoff.reset();
      metrics.progressed();
    } catch (error) {
      if (signal.aborted) return;
      // Nobody else would deliver it for a while; what was written of it already is known by its fences.
      if (!isOutage(error)) held = undefined;
      const pause = backoff.next();
      logger.warn(
        { err: describeError(error), pause },
        'a batch was not written; it is tried again, or delivered again later',
      );
      await delay(pause, signal);
    }
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof Error && 'retryable' in error && error.retryable === true;
}

type Delivered = DeliveredResult | DeliveredListing;

async function fold(
  batch: ResultBatch,
  dependencies: WriteDependencies,
  { maxDeliveries }: WriteLimits,
): Promise<void> {
  const isFresh = ({ deliveries }: Delivered) => deliveries <= maxDeliveries;
  const results = batch.results.filter(isFresh);
  const listings = batch.listings.filter(isFresh);
  if (results.length + listings.length > 0) {
    await foldResults({ results, listings }, dependencies, Date.now());
  }
  const poisoned = [...batch.results, ...batch.listings].filter((one) => !isFresh(one));
  await bury([...batch.undecodable, ...poisoned.map(burial)], dependencies);
}

async function bury(
  letters: readonly ReturnType<typeof burial>[],
  { results, logger, metrics }: WriteDependencies,
): Promise<void> {
  if (letters.length === 0) return;
  const problems = letters.map(({ problem }) => problem);
  logger.error({ problems }, 'results were put aside as dead letters');
  await results.bury(letters);
  metrics.buried(letters.length);
}

function burial({ receipt, result, deliveries }: Delivered) {
  const { namespace, name } = result.key;
  const tag = 'tag' in result.key ? result.key.tag : LISTING_TAG;
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
