import type { ScheduleStats } from '@tagtrail/image-stream';
import type { QueueMetrics, ResultLogStats } from '@tagtrail/import-contract';
import type { Heartbeat } from '@tagtrail/observability';

/** Share of the workers' places that is taken from which on they count as busy: with less, jobs find a place at once. */
const BUSY = 0.8;
/** Results behind which looks are not what is slow, whatever the rate: a writer folds hundreds in a batch. */
const LARGE_BACKLOG = 1_000;
/** s of looks waiting to be recorded, for the same. */
const BACKLOG_SECONDS = 5;

/** Whether another worker process would speed anything up. */
export interface WorkerAdvice {
  /** The answer with its reason, in words. */
  readonly text: string;
  readonly looksPerSecondNow: number;
  /** Jobs in hand per place for one, over all live workers: 0 to 1. */
  readonly busyShare: number;
  readonly helps: boolean;
}

export interface WorkerLoad {
  readonly queue: Pick<QueueMetrics, 'waiting'>;
  readonly results: Pick<ResultLogStats, 'lag' | 'pending'>;
  readonly schedule: {
    readonly hosts: readonly Pick<ScheduleStats['hosts'][number], 'due' | 'leased'>[];
  };
  /** Processes that beat. */
  readonly live: readonly Pick<Heartbeat, 'service' | 'figures'>[];
}

/** Says what one more worker would change, from the numbers alone. */
export function adviseOnWorkers(load: WorkerLoad): WorkerAdvice {
  const workers = load.live.filter(({ service }) => service === 'worker');
  const total = (figure: string) =>
    workers.reduce((sum, { figures }) => sum + (figures[figure] ?? 0), 0);
  const places = total('concurrency');
  const busyShare = places === 0 ? 0 : Math.min(1, total('active') / places);
  const looksPerSecondNow = total('looksPerSecond');
  const workload = { ...load, workers: workers.length, busyShare, looksPerSecondNow };
  return { ...judge(workload), looksPerSecondNow, busyShare };
}

interface Workload extends WorkerLoad {
  readonly workers: number;
  readonly busyShare: number;
  readonly looksPerSecondNow: number;
}

function judge(load: Workload): Pick<WorkerAdvice, 'text' | 'helps'> {
  const { workers, busyShare, queue } = load;
  if (workers === 0) return { helps: true, text: 'yes: no worker is running' };
  const backlog = Math.max(0, load.results.lag) + load.results.pending;
  if (backlog > Math.max(LARGE_BACKLOG, BACKLOG_SECONDS * load.looksPerSecondNow)) {
    return no(`${backlog} results wait to be recorded; a status writer is what is missing`);
  }
  if (queue.waiting === 0) return no(whyNothingWaits(load));
  if (busyShare >= BUSY) {
    const text = `yes: ${describeWorkers(workers, busyShare)} and ${waiting(queue.waiting)}; one more would take about ${relief(workers)} % of the load of each`;
    return { helps: true, text };
  }
  return no(`${describeWorkers(workers, busyShare)}; the jobs that wait find a place`);
}

function whyNothingWaits({ schedule, live }: Workload): string {
  const perHost = Math.max(0, ...live.map(({ figures }) => figures['perHost'] ?? 0));
  const atCap = schedule.hosts.filter(
    ({ due, leased }) => perHost > 0 && due > 0 && leased >= perHost,
  );
  if (atCap.length === 0) return 'workers wait for work';
  const hosts = atCap.length === 1 ? '1 host is' : `${atCap.length} hosts are`;
  return `${hosts} at import.perHost (${perHost})`;
}

function describeWorkers(workers: number, busyShare: number): string {
  const busy = `${Math.round(busyShare * 100)} % busy`;
  return workers === 1 ? `the worker is ${busy}` : `the ${workers} workers are ${busy}`;
}

/** What each gives to one more when all do the same, in percent. */
function relief(workers: number): number {
  return Math.round(100 / (workers + 1));
}

function waiting(jobs: number): string {
  return jobs === 1 ? '1 job waits' : `${jobs} jobs wait`;
}

function no(reason: string): Pick<WorkerAdvice, 'text' | 'helps'> {
  return { helps: false, text: `no: ${reason}` };
}
