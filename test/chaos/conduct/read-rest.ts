import type { ApiClient } from '@tagtrail/api-client';
import type { ImageStream, TagEvent } from '@tagtrail/image-stream';
import { KEYS } from '../installation/settings.ts';
import type { Rest, ScheduleIndex } from '../judge/judge-rest.ts';
import { NAMESPACE } from '../plan/world.ts';
import type { RedisWatch } from './redis-watch.ts';

/** Lists of a queue in which a job waits or runs. */
const LISTS = ['wait', 'active', 'paused'] as const;
const SETS = ['delayed', 'prioritized', 'waiting-children'] as const;
/** Keys of BullMQ that are no job. */
const JOB_KEY = /^\d+$/;
/** Events in one page of a history; more than a tag gets in a run of some minutes. */
const HISTORY_PAGE = 1_000;

/** Reads what is left, through the api where it says it and from Redis where it does not. */
export async function readRest(client: ApiClient, watch: RedisWatch): Promise<Rest> {
  const { items } = await client.streams.listAll({ namespace: NAMESPACE });
  const { results } = await client.queueMetrics();
  return {
    streams: items,
    histories: await readHistories(client, items),
    checks: await readChecks(client),
    outcomes: await readOutcomes(watch),
    schedule: await readSchedule(watch),
    queued: await readQueues(watch),
    results,
  };
}

async function readHistories(
  client: ApiClient,
  streams: readonly ImageStream[],
): Promise<ReadonlyMap<string, readonly TagEvent[]>> {
  const histories = new Map<string, readonly TagEvent[]>();
  for (const { metadata, status } of streams) {
    for (const { tag } of status.tags ?? []) {
      const key = { namespace: NAMESPACE, name: metadata.name ?? '', tag };
      const { items } = await client.history.list(key, { limit: HISTORY_PAGE });
      histories.set(`${NAMESPACE}/${metadata.name}:${tag}`, items);
    }
  }
  return histories;
}

async function readChecks(client: ApiClient): Promise<Rest['checks']> {
  const { items } = await client.checks.list({ namespace: NAMESPACE });
  return new Map(
    items.flatMap(({ metadata, tags }) =>
      tags.map(({ tag, host, nextDue, outcome }) => [
        `${NAMESPACE}/${metadata.name}:${tag}`,
        { host, nextDue: nextDue === null ? null : Date.parse(nextDue), outcome },
      ]),
    ),
  );
}

async function readOutcomes({ redis }: RedisWatch): Promise<ReadonlyMap<string, number>> {
  const counts = Object.entries(await redis.hgetall(KEYS.outcomes));
  return new Map(counts.map(([outcome, count]) => [outcome, Number(count)]));
}

async function readSchedule(watch: RedisWatch): Promise<ScheduleIndex> {
  const due = new Map<string, ReadonlyMap<string, number>>();
  const leases = new Map<string, ReadonlyMap<string, number>>();
  for (const [prefix, found] of [
    [KEYS.due, due],
    [KEYS.leases, leases],
  ] as const) {
    for (const key of await watch.redis.keys(`${prefix}*`)) {
      found.set(key.slice(prefix.length), await watch.scores(key));
    }
  }
  return { hosts: await watch.scores(KEYS.hosts), due, leases };
}

async function readQueues({ redis }: RedisWatch): Promise<readonly string[]> {
  const stuck: string[] = [];
  for (const queue of KEYS.queues) {
    for (const list of LISTS) {
      const ids = await redis.lrange(`${queue}:${list}`, 0, -1);
      stuck.push(...ids.map((id) => `${queue}: job ${id} is in ${list}`));
    }
    for (const set of SETS) {
      const ids = await redis.zrange(`${queue}:${set}`, '0', '-1');
      stuck.push(...ids.map((id) => `${queue}: job ${id} is in ${set}`));
    }
    stuck.push(...(await orphans(redis, queue)));
  }
  return stuck;
}

/** Jobs that no list holds any more, and keys that keep new ones of the same tag away. */
async function orphans(redis: RedisWatch['redis'], queue: string): Promise<readonly string[]> {
  const kept = new Set([
    ...(await redis.zrange(`${queue}:failed`, '0', '-1')),
    ...(await redis.zrange(`${queue}:completed`, '0', '-1')),
  ]);
  const keys = (await redis.keys(`${queue}:*`)).map((key) => key.slice(queue.length + 1));
  const jobs = keys.filter((key) => JOB_KEY.test(key) && !kept.has(key));
  const blocks = keys.filter((key) => key.startsWith('de:'));
  return [
    ...jobs.map((id) => `${queue}: job ${id} is in no list`),
    ...blocks.map((key) => `${queue}: ${key} is left behind`),
  ];
}
