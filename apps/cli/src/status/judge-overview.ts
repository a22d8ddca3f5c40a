import type { Overview, OverviewService } from '@tagtrail/api-client';
import { formatSpan } from './format-span.ts';

/** ms by which a tag may be late, or a job may wait: a burst or a slow registry for a minute is no trouble. */
const LATE = 60_000;
/** Results behind which recording is in trouble, whatever the rate: a writer folds hundreds in a batch. */
const LARGE_BACKLOG = 1_000;
/** s of looks waiting to be recorded, for the same. */
const BACKLOG_SECONDS = 10;
/** Share of Redis's memory from which on it is time to act: at all of it, Redis refuses every write. */
const NEARLY_FULL = 0.9;

/** What does not happen while no process of a service lives. */
const IDLE: Readonly<Record<string, string>> = {
  api: 'no heartbeat of an api gets through',
  producer: 'no producer is running, so no due tag becomes a job',
  worker: 'no worker is running, so no tag is looked at',
  'status-writer': 'no status-writer is running, so nothing that was seen is recorded',
};

/** Something that is wrong, and what to do. */
export interface Problem {
  readonly problem: string;
  readonly remedy: string;
}

/** Everything that is wrong, worst first; empty when all is well. Failing registries are theirs, not ours. */
export function judgeOverview(overview: Overview): readonly Problem[] {
  return [
    ...overview.missing.map(describeIdle),
    ...overview.services.filter((service) => isLost(service, overview)).map(describeLost),
    ...findLateness(overview),
    ...findBacklog(overview),
    ...findFullness(overview),
  ];
}

function describeIdle(service: string): Problem {
  const problem = IDLE[service] ?? `no ${service} is running`;
  const remedy = service === 'api' ? 'look at its log' : `start one: tagtrail ${service}`;
  return { problem, remedy };
}

/** Others of its service live; where none does, that says it all. */
function isLost({ missing, service }: OverviewService, overview: Overview): boolean {
  return missing && !overview.missing.includes(service);
}

function describeLost({ service, host, pid, beatAgeMs }: OverviewService): Problem {
  return {
    problem: `${service} ${pid} on ${host} has sent no heartbeat for ${formatSpan(beatAgeMs)}`,
    remedy: 'look at its log; the others do its work meanwhile',
  };
}

function findLateness({ schedule, queue, oneMoreWorker }: Overview): readonly Problem[] {
  const remedy = oneMoreWorker.helps
    ? 'start another worker: tagtrail worker'
    : `another worker? ${oneMoreWorker.text}`;
  const { lag, oldest } = schedule;
  if (lag > LATE) {
    const which =
      oldest === undefined ? '' : ` (${oldest.key.namespace}/${oldest.key.name}:${oldest.key.tag})`;
    return [{ problem: `tags are looked at up to ${formatSpan(lag)} late${which}`, remedy }];
  }
  if (queue.oldestWait <= LATE) return [];
  return [{ problem: `a job has waited for a worker for ${formatSpan(queue.oldestWait)}`, remedy }];
}

function findBacklog({ results, completedPerSecond }: Overview): readonly Problem[] {
  const backlog = backlogOf(results);
  if (backlog <= Math.max(LARGE_BACKLOG, BACKLOG_SECONDS * completedPerSecond)) return [];
  return [
    {
      problem: `${backlog} results wait to be recorded`,
      remedy: 'start another status-writer: tagtrail status-writer',
    },
  ];
}

/** Results that are not recorded yet, read by a writer or not. */
export function backlogOf({ lag, pending }: Overview['results']): number {
  return Math.max(0, lag) + pending;
}

function findFullness({ redis }: Overview): readonly Problem[] {
  if (redis === undefined || redis.maxBytes === 0) return [];
  const share = redis.usedBytes / redis.maxBytes;
  if (share < NEARLY_FULL) return [];
  const problem = `Redis is ${Math.round(share * 100)} % full; when it is full, nothing can be written`;
  return [{ problem, remedy: 'give it more memory (maxmemory)' }];
}
