import { createMetrics, createProgressWatch } from '@tagtrail/observability';
import { describe, expect, it } from 'vitest';
import { createWorkerMetrics } from './worker-metrics.ts';

describe('the figures of a worker', () => {
  it('tell how many looks end in a second, and how many of them fail', () => {
    const progress = createProgressWatch({ now: () => 0, stallAfter: 1_000 });
    const metrics = createWorkerMetrics(createMetrics('test'), progress);
    expect(metrics.figures()).toEqual({ looksPerSecond: 0, failedPerSecond: 0 });
    const outcome = { kind: 'unchanged', upstreamDigest: 'sha256:1', image: 'sha256:1' } as const;
    metrics.imported('quay.io', outcome, 12);
    metrics.imported('quay.io', { kind: 'failed', reason: 'Timeout' } as never, 12);
    const { looksPerSecond, failedPerSecond } = metrics.figures();
    expect(looksPerSecond).toBeCloseTo(2, 1);
    expect(failedPerSecond).toBeCloseTo(1, 1);
  });

  it('count no look that was not made', () => {
    const progress = createProgressWatch({ now: () => 0, stallAfter: 1_000 });
    const metrics = createWorkerMetrics(createMetrics('test'), progress);
    metrics.imported('quay.io', { kind: 'postponed', until: 1, message: '' }, 0);
    expect(metrics.figures()).toEqual({ looksPerSecond: 0, failedPerSecond: 0 });
  });
});
