import { serviceUnavailable } from '@tagtrail/apimachinery';
import type { ImportSchedule, ScheduleStats } from '@tagtrail/image-stream';
import type {
  ImportQueue,
  QueueMetrics,
  ResultLog,
  ResultLogStats,
} from '@tagtrail/import-contract';
import { FreshValue } from '../fresh-value.ts';
import { StatusError } from '../status-error.ts';
import { within } from './within.ts';

/** ms that a report is shown; the page asks once a second, and a dashboard or two may too. */
const FRESHNESS = 1_000;
/** ms for all answers together; they take a few. */
const READ_LIMIT = 3_000;
/** Seconds after which who got no report may ask again. */
const RETRY_SECONDS = 2;

/** The numbers of the whole pipeline at one moment. Durations in ms. */
export interface QueueReport {
  readonly queue: QueueMetrics;
  /** Imports that somebody waits for. */
  readonly requested: QueueMetrics;
  readonly results: ResultLogStats;
  readonly schedule: ScheduleStats;
  /** RFC 3339 with ms. */
  readonly at: string;
}

export interface QueueReportParts {
  readonly queue: Pick<ImportQueue, 'metrics'>;
  readonly requestedQueue: Pick<ImportQueue, 'metrics'>;
  readonly results: Pick<ResultLog, 'stats'>;
  readonly schedule: Pick<ImportSchedule, 'stats'>;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** The report, at most a second old. Its reading throws StatusError ServiceUnavailable. */
export function createQueueReport(parts: QueueReportParts): FreshValue<QueueReport> {
  const read = () => within(READ_LIMIT, readReport(parts), () => new Error('no answer in time'));
  return new FreshValue({
    read: () =>
      read().catch((cause: unknown) => {
        const message = 'Redis does not answer: the queue, the results or the schedule are away';
        throw new StatusError(serviceUnavailable(message, RETRY_SECONDS), { cause });
      }),
    freshness: FRESHNESS,
    now: parts.now,
  });
}

async function readReport(parts: QueueReportParts): Promise<QueueReport> {
  const now = parts.now();
  const [queue, requested, results, schedule] = await Promise.all([
    parts.queue.metrics(),
    parts.requestedQueue.metrics(),
    parts.results.stats(),
    parts.schedule.stats(now),
  ]);
  return { queue, requested, results, schedule, at: new Date(now).toISOString() };
}
