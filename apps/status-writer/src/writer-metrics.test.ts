import { createMetrics, createProgressWatch } from '@tagtrail/observability';
import { describe, expect, it } from 'vitest';
import { type Committed, createWriterMetrics } from './writer-metrics.ts';

const NOW = 10_000;

function open() {
  const progress = createProgressWatch({ now: () => 0, stallAfter: 1_000 });
  return createWriterMetrics(createMetrics('test'), progress);
}

function committed(fields: object): Committed {
  return { group: [], verdicts: [], history: [], now: NOW, ...fields } as Committed;
}

describe('the figures of a status writer', () => {
  it('are rates of nothing at first, without a detection lag', () => {
    expect(open().figures()).toEqual({ recorded: 0, recordedPerSecond: 0 });
  });

  it('count what was recorded or put off, and nothing that was dropped', () => {
    const metrics = open();
    metrics.touched({ recorded: 3, postponed: 2 });
    metrics.committed(committed({ verdicts: ['recorded', 'stale', 'superseded', 'recorded'] }));
    const { recorded, recordedPerSecond } = metrics.figures();
    expect(recorded).toBe(7);
    expect(recordedPerSecond).toBeCloseTo(7, 1);
  });

  it('tell how long new digests took from their due time to their record', () => {
    const metrics = open();
    const result = (tag: string, late: number) => ({ result: { key: { tag }, dueAt: NOW - late } });
    metrics.committed(
      committed({
        group: [result('moved', 1_000), result('same', 9_000), result('amended', 9_000)],
        history: [
          { tag: 'moved', kind: 'append' },
          { tag: 'amended', kind: 'amend' },
        ],
      }),
    );
    const { moves, detectionLagP50Ms = 0, detectionLagP99Ms = 0 } = metrics.figures();
    expect(moves).toBe(1);
    for (const lag of [detectionLagP50Ms, detectionLagP99Ms]) {
      expect(Math.abs(lag / 1_000 - 1)).toBeLessThanOrEqual(0.02);
    }
  });
});
