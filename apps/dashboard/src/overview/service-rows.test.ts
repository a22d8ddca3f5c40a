import type { OverviewService } from '@tagtrail/api-client';
import { describe, expect, it } from 'vitest';
import { inOrder, liveWorkers, rateOf, rawRateOf } from './service-rows.ts';

const aService = (changes: Partial<OverviewService>): OverviewService => ({
  service: 'worker',
  id: 'a',
  host: 'build-7',
  version: '0.1.0',
  pid: 1,
  startedAt: 0,
  sentAt: 0,
  memoryBytes: 0,
  cpuShare: 0,
  figures: {},
  missing: false,
  beatAgeMs: 0,
  ...changes,
});

describe('processes', () => {
  it('stand in an order that does not depend on their numbers: workers first', () => {
    const services = [
      aService({ service: 'api', pid: 1 }),
      aService({ pid: 9 }),
      aService({ pid: 2 }),
      aService({ pid: 5, host: 'a' }),
      aService({ service: 'status-writer', pid: 3 }),
      aService({ service: 'producer', pid: 4 }),
    ];
    expect(inOrder(services).map(({ pid }) => pid)).toEqual([5, 2, 9, 4, 3, 1]);
  });

  it('say what they do each second, if they know', () => {
    const worker = aService({ figures: { looksPerSecond: 12.5 } });
    expect([rateOf(worker), rawRateOf(worker)]).toEqual(['12.5 looks/s', 12.5]);
    expect(rateOf(aService({ service: 'producer' }))).toBeUndefined();
  });

  it('count as live workers while they beat', () => {
    const services = [aService({ missing: true }), aService({}), aService({ service: 'api' })];
    expect(liveWorkers(services)).toEqual([services[1]]);
  });
});
