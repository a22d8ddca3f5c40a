import type { Overview } from '@tagtrail/api-client';
import type { Page } from 'playwright-core';

/** What the page shows at one moment. */
export interface ShownNumbers {
  /** Of the overview that is shown; RFC 3339. */
  readonly at: string;
  /** Raw numbers by the name of their metric. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly processes: readonly ShownProcess[];
  readonly moves: readonly { readonly tag: string; readonly to: string }[];
}

export interface ShownProcess {
  readonly id: string;
  readonly service: string;
  readonly missing: boolean;
  readonly memory: number;
  readonly rate: number | undefined;
}

/** Attributes of elements, in document order. */
type Attributes = readonly Readonly<Record<string, string | undefined>>[];

interface ShownParts {
  readonly at: string;
  readonly metrics: Attributes;
  readonly processes: Attributes;
  readonly moves: Attributes;
}

/** Read in one go inside the page, so that all parts are of the same second. */
const READ_PAGE = `(() => {
  const all = (selector, read) => [...document.querySelectorAll(selector)].map(read);
  const within = (row, metric) => row.querySelector('[data-metric="' + metric + '"]').dataset.value;
  return {
    at: document.querySelector('[data-testid="overview"]').dataset.at,
    metrics: all('[data-metric]:not(tr [data-metric])', (one) => ({ name: one.dataset.metric, value: one.dataset.value })),
    processes: all('tr[data-service]', (row) => ({
      id: row.dataset.id, service: row.dataset.service, missing: row.dataset.missing,
      memory: within(row, 'memory'), rate: within(row, 'rate'),
    })),
    moves: all('tr[data-move]', (row) => ({ tag: row.dataset.move, to: row.dataset.to })),
  };
})()`;

export async function readNumbers(page: Page): Promise<ShownNumbers> {
  const { at, metrics, processes, moves } = await page.evaluate<ShownParts>(READ_PAGE);
  const known = metrics.filter(({ value }) => value !== '');
  return {
    at,
    metrics: Object.fromEntries(known.map(({ name = '', value }) => [name, Number(value)])),
    processes: processes.map(({ id = '', service = '', missing, memory, rate }) => ({
      id,
      service,
      missing: missing === 'true',
      memory: Number(memory),
      rate: rate === '' ? undefined : Number(rate),
    })),
    moves: moves.map(({ tag = '', to = '' }) => ({ tag, to })),
  };
}

/** What a page must show of an overview of the API. */
export function expectedNumbers(overview: Overview): Pick<ShownNumbers, 'at' | 'metrics'> {
  const { at, queue, results, schedule, detectionLag, outcomes, services, redis } = overview;
  const live = services.filter(({ service, missing }) => service === 'worker' && !missing);
  const counts = Object.entries(outcomes);
  return {
    at,
    metrics: {
      waiting: queue.waiting,
      active: queue.active,
      delayed: queue.delayed,
      failed: queue.failed,
      completedPerSecond: overview.completedPerSecond,
      failedPerSecond: overview.failedPerSecond,
      oldestWaitMs: queue.oldestWait,
      dueLagMs: schedule.lag,
      ...(detectionLag && {
        detectionLagP50Ms: detectionLag.p50Ms,
        detectionLagP99Ms: detectionLag.p99Ms,
      }),
      resultsBacklog: Math.max(0, results.lag) + results.pending,
      deadLetters: results.deadLetters,
      scheduled: schedule.scheduled,
      due: schedule.due,
      leased: schedule.leased,
      ...(redis && { redisBytes: redis.usedBytes }),
      tags: counts.reduce((sum, [, count]) => sum + count, 0),
      ...Object.fromEntries(counts.map(([outcome, count]) => [`outcome:${outcome}`, count])),
      workers: live.length,
      busyShare: overview.oneMoreWorker.busyShare,
    },
  };
}
