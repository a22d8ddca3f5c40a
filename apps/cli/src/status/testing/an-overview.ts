import type { Overview, OverviewService } from '@tagtrail/api-client';

/** When the overviews of tests were made. */
export const NOW = Date.parse('2026-11-23T10:00:00Z');

const IDLE = { waiting: 0, active: 0, delayed: 0, failed: 0, completed: 0, oldestWait: 0 };

/** A live process. For tests only. */
export function aService(fields: Partial<OverviewService> = {}): OverviewService {
  const { service = 'worker' } = fields;
  return {
    service,
    id: service,
    host: 'node-1',
    version: '0.1.0',
    pid: 4711,
    startedAt: NOW - 7_200_000,
    sentAt: NOW - 400,
    memoryBytes: 98_200_000,
    cpuShare: 0.031,
    figures: {},
    missing: false,
    beatAgeMs: 400,
    ...fields,
  };
}

export const SERVICES: readonly OverviewService[] = [
  aService({ service: 'api', pid: 1, figures: { requestsPerSecond: 4.25, watchers: 2 } }),
  aService({ service: 'producer', pid: 2, figures: { enqueuedPerSecond: 33.4, perHost: 8 } }),
  aService({
    pid: 3,
    cpuShare: 0.5,
    figures: { looksPerSecond: 33.7, failedPerSecond: 0.2, active: 12, concurrency: 50 },
  }),
  aService({ service: 'status-writer', pid: 4, figures: { recordedPerSecond: 33 } }),
];

/** An installation in which all is well. For tests only. */
export function anOverview(fields: Partial<Overview> = {}): Overview {
  return {
    at: new Date(NOW).toISOString(),
    queue: { ...IDLE, waiting: 12, active: 4, delayed: 1, completed: 90, oldestWait: 320 },
    requested: { ...IDLE, active: 1 },
    results: { lag: 2, pending: 1, deadLetters: 0 },
    schedule: {
      scheduled: 1_200,
      due: 3,
      leased: 16,
      lag: 250,
      hosts: [
        { host: 'quay.io', scheduled: 200, due: 0, leased: 4 },
        { host: 'docker.io', scheduled: 1_000, due: 3, leased: 12 },
      ],
      oldest: {
        key: { namespace: 'shop', name: 'web', tag: 'latest' },
        host: 'docker.io',
        due: NOW - 250,
      },
    },
    completedPerSecond: 33.7,
    failedPerSecond: 0.2,
    detectionLag: { p50Ms: 300, p99Ms: 12_300, moves: 52 },
    outcomes: { imported: 200, Timeout: 3, unchanged: 996, never: 1 },
    services: SERVICES,
    missing: [],
    oneMoreWorker: {
      text: 'no: workers wait for work',
      looksPerSecondNow: 33.7,
      busyShare: 0.24,
      helps: false,
    },
    redis: { usedBytes: 12_300_000, maxBytes: 64_000_000 },
    problems: [],
    ...fields,
  };
}
