import { createRateMeter, type Metrics, type ProgressWatch } from '@tagtrail/observability';

export interface ProducerMetrics {
  enqueued(count: number): void;
  held(): void;
  progressed(): void;
}

/** What the heartbeat tells, too. */
export interface ProducerFigures {
  /** Rate over the last seconds. */
  figures(): { readonly enqueuedPerSecond: number };
}

export function createProducerMetrics(
  metrics: Metrics,
  progress: ProgressWatch,
): ProducerMetrics & ProducerFigures {
  const jobs = metrics.counter({
    name: 'tagtrail_jobs_enqueued_total',
    help: 'Import jobs handed to the queue; repeats that the queue ignored are counted too',
  });
  const held = metrics.counter({
    name: 'tagtrail_backpressure_rounds_total',
    help: 'Rounds in which nothing was claimed because queue or results were over the high-water mark',
  });
  const rate = createRateMeter(() => performance.now());
  return {
    enqueued(count) {
      jobs.inc(count);
      rate.mark(count);
    },
    held: () => held.inc(),
    progressed: () => progress.progressed(),
    figures: () => ({ enqueuedPerSecond: rate.perSecond() }),
  };
}
