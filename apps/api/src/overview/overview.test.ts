import type { Overview as ClientOverview } from '@tagtrail/api-client';
import { describe, expect, it } from 'vitest';
import { aBeat, anOverview, OVERVIEW_TIME } from '../testing/an-overview.ts';

const writer = (id: string, figures: Readonly<Record<string, number>>) =>
  aBeat({ id, service: 'status-writer', figures });

describe('describeOverview', () => {
  it('is what clients of the API expect', () => {
    const overview: ClientOverview = anOverview();
    expect(overview.at).toBe('2026-11-23T10:00:00.000Z');
  });

  it('names the services of which no process lives', () => {
    const silent = aBeat({ service: 'producer', sentAt: OVERVIEW_TIME - 3_000 });
    expect(anOverview([aBeat(), silent]).missing).toEqual(['api', 'producer', 'status-writer']);
  });

  it('adds up the rates of live workers only', () => {
    const figures = { looksPerSecond: 10, failedPerSecond: 1 };
    const beats = [
      aBeat({ id: 'w1', figures }),
      aBeat({ id: 'w2', figures }),
      aBeat({ id: 'w3', figures, sentAt: OVERVIEW_TIME - 5_000 }),
      aBeat({ id: 'w4', figures: {} }),
    ];
    expect(anOverview(beats)).toMatchObject({ completedPerSecond: 20, failedPerSecond: 2 });
  });

  it('has no detection lag without moves', () => {
    expect(anOverview([writer('s', { recorded: 5 })]).detectionLag).toBeUndefined();
  });

  it('weighs the lags of several writers by their moves, and is careful with the slowest', () => {
    const beats = [
      writer('s1', { detectionLagP50Ms: 100, detectionLagP99Ms: 900, moves: 30 }),
      writer('s2', { detectionLagP50Ms: 500, detectionLagP99Ms: 700, moves: 10 }),
      writer('s3', {}),
    ];
    expect(anOverview(beats).detectionLag).toEqual({ p50Ms: 200, p99Ms: 900, moves: 40 });
  });
});
