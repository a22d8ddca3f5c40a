import type { ImportOutcome, ListingOutcome } from '@tagtrail/image-stream';
import { createRateMeter, type Metrics, type ProgressWatch } from '@tagtrail/observability';

export interface WorkerMetrics {
  /** `took` in ms. */
  imported(registry: string, outcome: ImportOutcome, took: number): void;
  listed(registry: string, outcome: ListingOutcome): void;
}

/** What the heartbeat tells, too. */
export interface WorkerFigures {
  /** Rates over the last seconds. */
  figures(): { readonly looksPerSecond: number; readonly failedPerSecond: number };
}

/** From a HEAD on a warm connection to an index over a slow line. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createWorkerMetrics(
  metrics: Metrics,
  progress: ProgressWatch,
): WorkerMetrics & WorkerFigures {
  const imports = metrics.counter<'outcome' | 'registry'>({
    name: 'tagtrail_imports_total',
    help: 'Looks at tags, by outcome (imported, unchanged, the reason of the failure, or postponed: not made, because the registry asked to be left alone) and registry host',
    labelNames: ['outcome', 'registry'],
  });
  const seconds = metrics.histogram<'registry'>({
    name: 'tagtrail_import_seconds',
    help: 'Time of one look, from its first request to its outcome, by registry host',
    labelNames: ['registry'],
    buckets: SECONDS,
  });
  const listings = metrics.counter<'outcome' | 'registry'>({
    name: 'tagtrail_listings_total',
    help: 'Lists of the tags of a repository, by outcome (listed, the reason of the failure, or postponed) and registry host',
    labelNames: ['outcome', 'registry'],
  });
  const looks = createRateMeter(() => performance.now());
  const failures = createRateMeter(() => performance.now());
  return {
    imported(registry, outcome, took) {
      imports.inc({ outcome: outcome.kind === 'failed' ? outcome.reason : outcome.kind, registry });
      progress.progressed();
      // Nobody was asked.
      if (outcome.kind === 'postponed') return;
      seconds.observe({ registry }, took / 1000);
      looks.mark();
      if (outcome.kind === 'failed') failures.mark();
    },
    listed(registry, outcome) {
      listings.inc({
        outcome: outcome.kind === 'failed' ? outcome.reason : outcome.kind,
        registry,
      });
      progress.progressed();
    },
    figures: () => ({
      looksPerSecond: looks.perSecond(),
      failedPerSecond: failures.perSecond(),
    }),
  };
}
