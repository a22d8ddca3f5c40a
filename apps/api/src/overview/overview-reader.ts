import { serviceUnavailable } from '@tagtrail/apimachinery';
import type { CheckStore } from '@tagtrail/image-stream';
import type { Heartbeats } from '@tagtrail/observability';
import { FreshValue } from '../fresh-value.ts';
import type { QueueReport } from '../status/queue-report.ts';
import { within } from '../status/within.ts';
import { StatusError } from '../status-error.ts';
import { observeServices } from './observe-services.ts';
import { describeOverview, type MemoryUse, type Overview, type Surroundings } from './overview.ts';

/** ms that a reading is shown: everybody who looks in one second sees the same. */
const FRESHNESS = 1_000;
/** ms for all answers together; they take a few. */
const READ_LIMIT = 3_000;
/** Seconds after which who got no overview may ask again. */
const RETRY_SECONDS = 2;

export interface OverviewParts {
  readonly report: FreshValue<QueueReport>;
  readonly heartbeats: Pick<Heartbeats, 'list'>;
  readonly checks: Pick<CheckStore, 'outcomes'>;
  /** May reject where the server does not tell. */
  readonly memory: () => Promise<MemoryUse>;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** Reads overviews, each at most a second old however many ask. */
export class OverviewReader {
  readonly #report: FreshValue<QueueReport>;
  readonly #surroundings: FreshValue<Surroundings>;

  constructor(parts: OverviewParts) {
    this.#report = parts.report;
    this.#surroundings = new FreshValue({
      read: () => readInTime(parts),
      freshness: FRESHNESS,
      now: parts.now,
    });
  }

  /** Throws StatusError ServiceUnavailable. */
  async get(): Promise<Overview> {
    const both = [this.#report.get(), this.#surroundings.get()] as const;
    const [report, surroundings] = await Promise.all(both);
    return describeOverview(report, surroundings);
  }
}

async function readInTime(parts: OverviewParts): Promise<Surroundings> {
  try {
    return await within(READ_LIMIT, readSurroundings(parts), () => new Error('no answer in time'));
  } catch (cause) {
    const message = 'Redis does not answer: the heartbeats or the counts of outcomes are away';
    throw new StatusError(serviceUnavailable(message, RETRY_SECONDS), { cause });
  }
}

async function readSurroundings(parts: OverviewParts): Promise<Surroundings> {
  const now = parts.now();
  const [heartbeats, outcomes, redis] = await Promise.all([
    parts.heartbeats.list(now),
    parts.checks.outcomes(),
    // Hosted servers may forbid INFO; the rest is worth showing all the same.
    parts.memory().catch(() => undefined),
  ]);
  return { services: observeServices(heartbeats, now), outcomes, redis };
}
