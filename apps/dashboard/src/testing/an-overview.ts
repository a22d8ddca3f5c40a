import type { Overview } from '@tagtrail/api-client';

const IDLE = { waiting: 0, active: 0, delayed: 0, failed: 0, completed: 0, oldestWait: 0 };

/** An overview of an installation in which nothing happens. */
export function anOverview(changes: Partial<Overview>): Overview {
  return {
    at: '2026-01-01T10:00:00.000Z',
    queue: IDLE,
    requested: IDLE,
    results: { lag: 0, pending: 0, deadLetters: 0 },
    schedule: { scheduled: 0, due: 0, leased: 0, lag: 0, hosts: [] },
    completedPerSecond: 0,
    failedPerSecond: 0,
    outcomes: {},
    services: [],
    missing: [],
    oneMoreWorker: { text: 'no', looksPerSecondNow: 0, busyShare: 0, helps: false },
    problems: [],
    ...changes,
  };
}
