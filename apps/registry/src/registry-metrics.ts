import { createRateMeter, type Metrics } from '@tagtrail/observability';
import type { Served } from './http/answer-manifest.ts';

export interface RegistryMetrics {
  /** `took` in ms. */
  answered(route: string, status: number, took: number): void;
  served(route: string, served: Served): void;
  /** `outcome`: `stored`, or the code of the error. */
  downloaded(outcome: string, bytes: number): void;
  prefetched(outcome: 'copied' | 'failed'): void;
  /** From now on, how many downloads run and wait is told. */
  watchDownloads(counts: () => { readonly running: number; readonly waiting: number }): void;
  /** Bytes that were served without asking anybody, since the start. */
  totals(): Totals;
  figures(): Readonly<Record<string, number>>;
}

/** What was served since the process started. */
export interface Totals {
  readonly served: Readonly<
    Record<Served['from'], { readonly count: number; readonly bytes: number }>
  >;
  readonly lastKnownGood: number;
  readonly downloads: number;
  readonly downloadedBytes: number;
}

/** From a manifest out of memory to a layer over a slow line. */
const SECONDS = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120, 600];

export function createRegistryMetrics(metrics: Metrics): RegistryMetrics {
  const requests = metrics.counter<'route' | 'code'>({
    name: 'tagtrail_registry_requests_total',
    help: 'Requests that the pull-through registry answered, by what they were about and status',
    labelNames: ['route', 'code'],
  });
  const seconds = metrics.histogram<'route'>({
    name: 'tagtrail_registry_request_seconds',
    help: 'Time to answer a request of the pull-through registry, transfer included',
    labelNames: ['route'],
    buckets: SECONDS,
  });
  const bytes = metrics.counter<'source'>({
    name: 'tagtrail_registry_served_bytes_total',
    help: 'Bytes that the pull-through registry served, from records, from copies, or from upstream while the copy was made',
    labelNames: ['source'],
  });
  const good = metrics.counter({
    name: 'tagtrail_registry_last_known_good_total',
    help: 'Manifests served for tags whose last look failed',
  });
  const downloads = metrics.counter<'outcome'>({
    name: 'tagtrail_registry_downloads_total',
    help: 'Downloads of blobs from upstream: stored, or why not',
    labelNames: ['outcome'],
  });
  const prefetches = metrics.counter<'outcome'>({
    name: 'tagtrail_registry_prefetches_total',
    help: 'Images copied because their stream asks for it: copied, or failed attempts',
    labelNames: ['outcome'],
  });
  const pulls = createRateMeter(() => performance.now());
  const counts = {
    record: { count: 0, bytes: 0 },
    copy: { count: 0, bytes: 0 },
    upstream: { count: 0, bytes: 0 },
  };
  const totals = { served: counts, lastKnownGood: 0, downloads: 0, downloadedBytes: 0 };
  return {
    answered(route, status, took) {
      requests.inc({ route, code: String(status) });
      seconds.observe({ route }, took / 1_000);
      pulls.mark();
    },
    served(_, { from, size, isLastKnownGood }) {
      bytes.inc({ source: from }, size);
      counts[from].count += 1;
      counts[from].bytes += size;
      if (!isLastKnownGood) return;
      good.inc();
      totals.lastKnownGood += 1;
    },
    downloaded(outcome, size) {
      downloads.inc({ outcome });
      totals.downloads += 1;
      totals.downloadedBytes += size;
    },
    prefetched: (outcome) => prefetches.inc({ outcome }),
    watchDownloads: (counts) => registerDownloads(metrics, counts),
    totals: () => totals,
    figures: () => ({ requestsPerSecond: pulls.perSecond() }),
  };
}

function registerDownloads(
  metrics: Metrics,
  counts: Parameters<RegistryMetrics['watchDownloads']>[0],
): void {
  metrics.gauge<'state'>({
    name: 'tagtrail_registry_downloads',
    help: 'Downloads of blobs from upstream: running, or waiting for their turn',
    labelNames: ['state'],
    collect() {
      const { running, waiting } = counts();
      this.set({ state: 'running' }, running);
      this.set({ state: 'waiting' }, waiting);
    },
  });
}
