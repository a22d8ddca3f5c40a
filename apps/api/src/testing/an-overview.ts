import type { Heartbeat } from '@tagtrail/observability';
import { observeServices } from '../overview/observe-services.ts';
import { describeOverview, type Overview } from '../overview/overview.ts';
import type { QueueReport } from '../status/queue-report.ts';
import { IDLE_QUEUE } from './scripted-workers.ts';

/** ms since the epoch at which the overviews of tests are made. */
export const OVERVIEW_TIME = Date.parse('2026-11-23T10:00:00Z');

/** A heartbeat of a live process. For tests only. */
export function aBeat(fields: Partial<Heartbeat> = {}): Heartbeat {
  const { service = 'worker', id = service } = fields;
  return {
    service,
    id,
    host: 'node-1',
    version: '0.1.0',
    pid: 4711,
    startedAt: OVERVIEW_TIME - 60_000,
    sentAt: OVERVIEW_TIME - 500,
    memoryBytes: 100_000_000,
    cpuShare: 0.25,
    figures: {},
    ...fields,
  };
}

export const IDLE_REPORT: QueueReport = {
  queue: IDLE_QUEUE,
  requested: IDLE_QUEUE,
  results: { lag: 0, pending: 0, length: 0, deadLetters: 0, oldestPending: 0 },
  schedule: {
    scheduled: 0,
    due: 0,
    lag: 0,
    leased: 0,
    stale: 0,
    blocked: 0,
    coolDowns: [],
    hosts: [],
  },
  at: new Date(OVERVIEW_TIME).toISOString(),
};

/** An overview of these processes. For tests only. */
export function anOverview(
  beats: readonly Heartbeat[] = [],
  report: Partial<QueueReport> = {},
): Overview {
  return describeOverview(
    { ...IDLE_REPORT, ...report },
    { services: observeServices(beats, OVERVIEW_TIME), outcomes: {}, redis: undefined },
  );
}
