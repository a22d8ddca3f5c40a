import type { BenchReport } from '../bench-report.ts';
import { openPipelineSite, type PipelineSite } from '../pipeline/pipeline-site.ts';
import { type Spent, spentBetween, spentSoFar } from '../pipeline/spent.ts';
import { reportInterval } from './interval-report.ts';
import { type Look, watchLooks } from './watch-looks.ts';

const DEFAULT_TAGS = 100_000;
const WORKERS = 2;
/** ms; what a large installation with one schedule for all is likely to have. */
const INTERVAL = 15 * 60_000;
/** ms between two lines that say how far it is. */
const PROGRESS = 30_000;

export interface MeasuredInterval {
  readonly tags: number;
  readonly workers: number;
  /** ms. */
  readonly interval: number;
  readonly redisVersion: string;
  /** s from the first definition to the last first import. */
  readonly firstImport: number;
  readonly looks: readonly Look[];
  readonly spent: Spent;
  readonly usedBytes: number;
  readonly requests: number;
}

/** Whether an installation keeps its pace: every tag of many is looked at once in an interval, and when it is due. */
export async function intervalBench(options: { readonly tags?: number }): Promise<BenchReport> {
  const tags = options.tags ?? DEFAULT_TAGS;
  const started = performance.now();
  process.stderr.write(`first import of ${tags} tags\n`);
  const site = await openPipelineSite({
    tags,
    workers: WORKERS,
    schedule: `${INTERVAL / 60_000}m`,
  });
  try {
    const firstImport = (performance.now() - started) / 1_000;
    return reportInterval({ ...(await measure(site)), firstImport });
  } finally {
    await site[Symbol.asyncDispose]();
  }
}

async function measure(site: PipelineSite): Promise<Omit<MeasuredInterval, 'firstImport'>> {
  for (const simulator of site.simulators) simulator.clearRequests();
  const before = await spentSoFar(site);
  const looks: Look[] = [];
  const progress = setInterval(() => {
    process.stderr.write(`${looks.length} looks of ${site.tags}\n`);
  }, PROGRESS);
  try {
    await watchLooks(site.socket, INTERVAL, looks);
  } finally {
    clearInterval(progress);
  }
  const spent = spentBetween(before, await spentSoFar(site));
  const memory = await site.redis.info('memory');
  return {
    ...{ tags: site.tags, workers: WORKERS, interval: INTERVAL, looks, spent },
    redisVersion: site.tagtrail.redis.server,
    usedBytes: Number(/used_memory:(\d+)/.exec(memory)?.[1] ?? 0),
    requests: site.simulators.reduce((sum, { requests }) => sum + requests.length, 0),
  };
}
