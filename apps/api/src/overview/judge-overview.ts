import { formatSpan } from '@tagtrail/apimachinery';
import type { ObservedService } from './observe-services.ts';
import type { Overview } from './overview.ts';

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
  registry: 'no registry is running, so nobody pulls through it',
  'status-writer': 'no status-writer is running, so nothing that was seen is recorded',
};

/** Something that is wrong, and what to do. */
export interface Problem {
  /** A service, the id of a process, or what else it is about: `schedule`, `queue`, `results`, `redis`. */
  readonly about: string;
  readonly problem: string;
  readonly remedy: string;
}

/** An overview before it is judged. */
export type Facts = Omit<Overview, 'problems'>;

/** Everything that is wrong, worst first; empty when all is well. Failing registries are theirs, not ours. */
export function judgeOverview(overview: Facts): readonly Problem[] {
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
  return { about: service, problem, remedy };
}

/** Others of its service live; where none does, that says it all. */
function isLost({ missing, service }: ObservedService, overview: Facts): boolean {
  return missing && !overview.missing.includes(service);
}

function describeLost({ service, id, host, pid, beatAgeMs }: ObservedService): Problem {
  return {
    about: id,
    problem: `${service} ${pid} on ${host} has sent no heartbeat for ${formatSpan(beatAgeMs)}`,
    remedy: 'look at its log; the others do its work meanwhile',
  };
}

function findLateness({ schedule, queue, oneMoreWorker }: Facts): readonly Problem[] {
  const remedy = oneMoreWorker.helps
    ? 'start another worker: tagtrail worker'
    : `another worker? ${oneMoreWorker.text}`;
  const { lag, oldest } = schedule;
  if (lag > LATE) {
    const which =
      oldest === undefined ? '' : ` (${oldest.key.namespace}/${oldest.key.name}:${oldest.key.tag})`;
    const problem = `tags are looked at up to ${formatSpan(lag)} late${which}`;
    return [{ about: 'schedule', problem, remedy }];
  }
  if (queue.oldestWait <= LATE) return [];
  const problem = `a job has waited for a worker for ${formatSpan(queue.oldestWait)}`;
  return [{ about: 'queue', problem, remedy }];
}

function findBacklog({ results, completedPerSecond }: Facts): readonly Problem[] {
  const backlog = backlogOf(results);
  if (backlog <= Math.max(LARGE_BACKLOG, BACKLOG_SECONDS * completedPerSecond)) return [];
  return [
    {
      about: 'results',
      problem: `${backlog} results wait to be recorded`,
      remedy: 'start another status-writer: tagtrail status-writer',
    },
  ];
}

/** Results that are not recorded yet, read by a writer or not. */
function backlogOf({ lag, pending }: Facts['results']): number {
  return Math.max(0, lag) + pending;
}

function findFullness({ redis }: Facts): readonly Problem[] {
  if (redis === undefined || redis.maxBytes === 0) return [];
  const share = redis.usedBytes / redis.maxBytes;
  if (share < NEARLY_FULL) return [];
  const problem = `Redis is ${Math.round(share * 100)} % full; when it is full, nothing can be written`;
  return [{ about: 'redis', problem, remedy: 'give it more memory (maxmemory)' }];
}
