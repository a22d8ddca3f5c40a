import type { Metrics } from '@tagtrail/observability';
import { StatusError } from '../status-error.ts';
import type { OpenImports } from './open-imports.ts';

/** Seconds; a look takes a fraction of one, a slow registry ten, and nobody waits longer than minutes. */
const BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

type Outcome = 'answered' | 'conflict' | 'late' | 'left' | 'failed';

/** By HTTP status of a refusal; what is not named here failed. */
const OUTCOMES: Readonly<Record<number, Outcome>> = { 409: 'conflict', 499: 'left', 504: 'late' };

/** Counts requests to import that were admitted, by how their waiting ended. */
export interface ImportMetrics {
  /** The outcome of `work`, counted and timed. */
  track<T>(work: () => Promise<T>): Promise<T>;
}

/** Registers the metrics of requested imports. */
export function createImportMetrics(metrics: Metrics, open: OpenImports): ImportMetrics {
  const requests = metrics.counter({
    name: 'tagtrail_import_requests_total',
    help: 'Requested imports, by how the waiting for them ended.',
    labelNames: ['outcome'],
  });
  const seconds = metrics.histogram({
    name: 'tagtrail_import_request_seconds',
    help: 'Time from a requested import to its answer.',
    buckets: BUCKETS,
  });
  metrics.gauge({
    name: 'tagtrail_import_requests_open',
    help: 'Requested imports that are being waited for.',
    collect() {
      this.set(open.count);
    },
  });
  return {
    async track(work) {
      const start = performance.now();
      let outcome: Outcome = 'answered';
      try {
        return await work();
      } catch (error) {
        outcome = outcomeOf(error);
        throw error;
      } finally {
        requests.inc({ outcome });
        seconds.observe((performance.now() - start) / 1_000);
      }
    },
  };
}

function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof StatusError)) return 'failed';
  return OUTCOMES[error.status.code ?? 0] ?? 'failed';
}
