import type { CheckState, TagKey } from '@tagtrail/image-stream';
import type { ImageStreamRedis } from '@tagtrail/image-stream-redis';
import { decodeQueuedJob, deduplicationId } from '@tagtrail/import-contract';
import type { Redis } from 'ioredis';

const QUEUE = '{tagtrail-queue}:imports';
/** Jobs taken at once. */
const JOBS_AT_ONCE = 1_000;

/** Jobs that wait. */
export function countWaiting(redis: Redis): Promise<number> {
  return redis.llen(`${QUEUE}:wait`);
}

/**
 * Stands in for workers and status writers: takes every job that waits away, as BullMQ does with a finished one, and
 * settles its tag as an unchanged look does. The tag is due again at once, behind all that are due already.
 * Answers the tags in the order of their jobs.
 */
export async function drainJobs(redis: Redis, store: ImageStreamRedis): Promise<readonly TagKey[]> {
  const ids = (await redis.lrange(`${QUEUE}:wait`, 0, -1)).toReversed();
  const drained: TagKey[] = [];
  for (let at = 0; at < ids.length; at += JOBS_AT_ONCE) {
    const keys = await takeJobs(redis, ids.slice(at, at + JOBS_AT_ONCE));
    await settle(store, keys);
    drained.push(...keys);
  }
  await redis.ltrim(`${QUEUE}:wait`, 0, -1 - ids.length);
  return drained;
}

async function takeJobs(redis: Redis, ids: readonly string[]): Promise<readonly TagKey[]> {
  const texts = await Promise.all(ids.map((id) => redis.hget(`${QUEUE}:${id}`, 'data')));
  const jobs = texts.map((text) => {
    const decoded = decodeQueuedJob(JSON.parse(text ?? 'null'));
    if (!decoded.ok || !('tag' in decoded.job.key)) throw new Error('a job that no worker reads');
    return { ...decoded.job, key: decoded.job.key };
  });
  const pipeline = redis.pipeline();
  for (const [at, job] of jobs.entries()) {
    pipeline.del(`${QUEUE}:${ids[at]}`, `${QUEUE}:de:${deduplicationId(job)}`);
  }
  await pipeline.exec();
  return jobs.map(({ key }) => key);
}

async function settle({ checks }: ImageStreamRedis, keys: readonly TagKey[]): Promise<void> {
  const now = Date.now();
  const receipt = { log: '{tagtrail}:results', group: 'status-writer', entry: '0-1' };
  const states = await checks.readCheck(keys);
  const touches = keys.flatMap((key, at) => {
    const before = states[at];
    return before === undefined ? [] : [{ key, before, after: looked(before, now), receipt }];
  });
  const answers = await checks.touch(touches);
  const settled = answers.filter((answer) => answer === 'touched').length;
  if (settled !== keys.length) throw new Error(`${keys.length - settled} tags were not settled`);
}

function looked(before: CheckState, now: number): CheckState {
  return {
    ...before,
    fence: before.fence + 1,
    outcome: 'unchanged',
    lastChecked: now,
    nextDue: now,
  };
}
