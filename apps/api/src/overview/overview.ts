import type { ScheduleStats } from '@tagtrail/image-stream';
import type { QueueMetrics, ResultLogStats } from '@tagtrail/import-contract';
import {
  type Heartbeat,
  NEEDED_SERVICES,
  SERVICES,
  type ServiceName,
} from '@tagtrail/observability';
import type { QueueReport } from '../status/queue-report.ts';
import { adviseOnWorkers, type WorkerAdvice } from './advise-on-workers.ts';
import { countFreshness, type FreshnessCounts } from './count-freshness.ts';
import { judgeOverview, type Problem } from './judge-overview.ts';
import type { ObservedService } from './observe-services.ts';

/** How full the Redis is that everything stands in. */
export interface MemoryUse {
  readonly usedBytes: number;
  /** 0 = unlimited. */
  readonly maxBytes: number;
  /** Memory of the machine that Redis runs on; absent where it does not tell. */
  readonly systemBytes?: number;
}

/** What an installation does right now. Durations in ms. */
export interface Overview {
  /** RFC 3339 with ms. */
  readonly at: string;
  readonly queue: QueueMetrics;
  /** Imports that somebody waits for. */
  readonly requested: QueueMetrics;
  readonly results: Pick<ResultLogStats, 'lag' | 'pending' | 'deadLetters'>;
  readonly schedule: ScheduleStats;
  /** Looks that ended, failed ones included; sum over the live workers. */
  readonly completedPerSecond: number;
  readonly failedPerSecond: number;
  /** Of the last minutes' moves; absent without any. */
  readonly detectionLag?: DetectionLag;
  /** Tags by the outcome of their last look. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Tags by how fresh they are; one may count twice. */
  readonly freshness: FreshnessCounts;
  readonly services: readonly ObservedService[];
  /** Services of which no process is known to live. */
  readonly missing: readonly string[];
  readonly oneMoreWorker: WorkerAdvice;
  /** Absent where the server does not tell. */
  readonly redis?: MemoryUse;
  /** Worst first; empty when all is well. */
  readonly problems: readonly Problem[];
}

export interface DetectionLag {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly moves: number;
}

/** What an overview is made of besides the queue report. */
export interface Surroundings {
  readonly services: readonly ObservedService[];
  readonly outcomes: Readonly<Record<string, number>>;
  readonly redis: MemoryUse | undefined;
}

/** Puts an overview together; pure. */
export function describeOverview(
  { queue, requested, results, schedule, at }: QueueReport,
  { services, outcomes, redis }: Surroundings,
): Overview {
  const live = services.filter(({ missing }) => !missing);
  const workers = live.filter(({ service }) => service === 'worker');
  const detectionLag = mergeLags(live);
  const facts = {
    at,
    queue,
    requested,
    results: { lag: results.lag, pending: results.pending, deadLetters: results.deadLetters },
    schedule,
    completedPerSecond: sumOf(workers, 'looksPerSecond'),
    failedPerSecond: sumOf(workers, 'failedPerSecond'),
    ...(detectionLag && { detectionLag }),
    outcomes,
    freshness: countFreshness(outcomes, schedule),
    services,
    missing: SERVICES.filter(
      (name) => isExpected(name, services) && !live.some(({ service }) => service === name),
    ),
    oneMoreWorker: adviseOnWorkers({ queue, results, schedule, live }),
    ...(redis && { redis }),
  };
  return { ...facts, problems: judgeOverview(facts) };
}

/** A registry is missed where there was one. */
function isExpected(name: ServiceName, services: readonly ObservedService[]): boolean {
  return NEEDED_SERVICES.includes(name) || services.some(({ service }) => service === name);
}

/** Sum of a figure over processes; those that do not tell it count as 0. */
export function sumOf(processes: readonly Pick<Heartbeat, 'figures'>[], figure: string): number {
  return processes.reduce((sum, { figures }) => sum + (figures[figure] ?? 0), 0);
}

/**
 * The lags that several writers tell, as one. Their medians are weighed by their moves; the 99th percentile is that of
 * the slowest: an upper bound of the true one, which their numbers do not hold.
 */
function mergeLags(live: readonly Pick<Heartbeat, 'figures'>[]): DetectionLag | undefined {
  const lags = live.flatMap(({ figures }): DetectionLag[] => {
    const { moves = 0, detectionLagP50Ms: p50Ms, detectionLagP99Ms: p99Ms } = figures;
    return p50Ms === undefined || p99Ms === undefined ? [] : [{ p50Ms, p99Ms, moves }];
  });
  const moves = lags.reduce((sum, lag) => sum + lag.moves, 0);
  if (moves === 0) return undefined;
  return {
    p50Ms: lags.reduce((sum, lag) => sum + lag.p50Ms * lag.moves, 0) / moves,
    p99Ms: Math.max(...lags.map(({ p99Ms }) => p99Ms)),
    moves,
  };
}
