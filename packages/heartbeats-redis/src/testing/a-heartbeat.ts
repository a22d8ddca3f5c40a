import type { Heartbeat } from '@tagtrail/observability';

/** A heartbeat as a worker sends it. For tests only. */
export function aHeartbeat(fields: Partial<Heartbeat> = {}): Heartbeat {
  return {
    service: 'worker',
    id: 'w1',
    host: 'node-1',
    version: '0.1.0',
    pid: 4711,
    startedAt: 1_000,
    sentAt: 61_000,
    memoryBytes: 100_000_000,
    cpuShare: 0.25,
    figures: { looksPerSecond: 12.5, active: 3, concurrency: 8 },
    ...fields,
  };
}
