import type { ImportSchedule } from '@tagtrail/image-stream';
import type { ImportQueue, ResultLog } from '@tagtrail/import-contract';
import { createBackoff, delay } from '@tagtrail/lifecycle';
import { describeError } from '@tagtrail/observability';
import { type EnqueueDependencies, enqueueDue } from './enqueue-due.ts';
import type { ProducerMetrics } from './producer-metrics.ts';
import type { Wake } from './wake.ts';

/** Sleep while a host's cap leaves something due: leases end within milliseconds. */
const CAPPED_WAIT_MS = 50;
/** Sleep while queue or results are over their high-water mark. */
const PRESSURE_WAIT_MS = 250;
/** Rounds are no closer than this, however often the change log wakes the loop. */
const SHORTEST_WAIT_MS = 5;
/** Tags claimed in one round: one addBulk and a few milliseconds of Redis. */
const ROUND_BATCH = 500;

export interface ProduceDependencies extends EnqueueDependencies {
  readonly schedule: EnqueueDependencies['schedule'] & Pick<ImportSchedule, 'nextDue'>;
  readonly queue: EnqueueDependencies['queue'] & Pick<ImportQueue, 'metrics'>;
  readonly results: EnqueueDependencies['results'] & Pick<ResultLog, 'stats'>;
  readonly wake: Wake;
  readonly metrics: ProducerMetrics;
}

export interface ProduceLimits {
  readonly lease: number;
  readonly perHost: number;
  /** Waiting jobs, or results behind, at which nothing more is claimed. */
  readonly highWater: number;
  /**
   * ms; longest sleep: finds what a lost wake-up hid. It is also how long the schedule's tags gather after a round that
   * claimed some: a hundred jobs in one call cost a tenth of a hundred calls. An edit wakes the loop long before.
   */
  readonly tick: number;
}

/**
 * The producer's loop.
 *
 *   sleep until due ──▶ over high water? ──yes──▶ sleep a little
 *        ▲                    │ no
 *      a tick ◀──── claim, read, enqueue ◀── woken by the change log
 */
export async function produce(
  dependencies: ProduceDependencies,
  limits: ProduceLimits,
  signal: AbortSignal,
): Promise<void> {
  const { wake, logger, metrics } = dependencies;
  const backoff = createBackoff({ first: 100, max: 5_000 });
  while (!signal.aborted) {
    try {
      const pause = await round(dependencies, limits);
      metrics.progressed();
      backoff.reset();
      await delay(Math.min(SHORTEST_WAIT_MS, pause), signal);
      await wake.wait(Math.max(0, pause - SHORTEST_WAIT_MS), signal);
    } catch (error) {
      if (signal.aborted) return;
      const pause = backoff.next();
      logger.warn(
        { err: describeError(error), pause },
        'a round failed; what was claimed is due again, at the latest when its lease ends',
      );
      await delay(pause, signal);
    }
  }
}

/** Answers how long to sleep, ms. */
async function round(dependencies: ProduceDependencies, limits: ProduceLimits): Promise<number> {
  const { schedule, queue, results, metrics } = dependencies;
  const now = Date.now();
  const next = await schedule.nextDue();
  if (next === undefined || next > now) return Math.min((next ?? Infinity) - now, limits.tick);
  const [{ waiting }, { lag, pending }] = await Promise.all([queue.metrics(), results.stats()]);
  const room = limits.highWater - Math.max(waiting, lag + pending);
  if (room <= 0) {
    metrics.held();
    return PRESSURE_WAIT_MS;
  }
  const { lease, perHost } = limits;
  const enqueued = await enqueueDue(dependencies, {
    now,
    lease,
    perHost,
    batch: Math.min(ROUND_BATCH, room),
  });
  metrics.enqueued(enqueued.enqueued);
  return { nothing: limits.tick, capped: CAPPED_WAIT_MS, backlog: 0 }[enqueued.left];
}
