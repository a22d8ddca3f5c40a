import { readFileSync } from 'node:fs';
import { type ImageStreamRedis, openImageStreamRedis } from '@tagtrail/image-stream-redis';
import { openRedis } from '@tagtrail/redis-connection';
import type { Redis } from 'ioredis';
import { eventually, openInstallation, type RunningApp } from '../../e2e/installation.ts';
import { cpuSeconds, redisCpuSeconds } from '../pipeline/cpu-clock.ts';
import { countWaiting, drainJobs } from './drain-jobs.ts';
import { seedSchedule } from './seed-schedule.ts';
import { tagIndex } from './seeded-stream.ts';

/** Leases allowed per host, of at most 1,024: two full rounds, so that the cap ends turns and shapes none. */
const PER_HOST = 1_000;
/** Jobs at which the producer rests: the default of `import.highWater`. */
const HIGH_WATER = 5_000;
/** ms for the producer to fill the queue once, on a busy machine. */
const FILL_LIMIT = 120_000;
/** Bytes of a page of memory. */
const PAGE_BYTES = 4_096;

/** What one turn of the producer cost. */
export interface Turn {
  readonly tags: number;
  /** CPU seconds of the producer. */
  readonly producer: number;
  /** CPU seconds of Redis, while the producer alone used it. */
  readonly redis: number;
  /** ms until all were enqueued. */
  readonly took: number;
}

export interface ScheduleSite extends AsyncDisposable {
  readonly redisServer: string;
  readonly due: number;
  /** Resident memory of the producer, bytes. */
  residentBytes(): number;
  /** From now on tags are counted. */
  beginSweep(): void;
  /** Tags of all turns since then, each counted once. */
  distinct(): number;
  turn(): Promise<Turn>;
}

interface SiteParts {
  readonly redis: Redis;
  readonly store: ImageStreamRedis;
  readonly producer: RunningApp;
  readonly seen: Uint8Array;
  /** Jobs at which a turn ends. */
  readonly full: number;
}

/** An installation whose schedule is full of due tags. Its producer runs during its turns and at no other time. */
export async function openScheduleSite(
  due: number,
  hosts: readonly string[],
): Promise<ScheduleSite> {
  const tagtrail = await openInstallation({}, { TAGTRAIL_IMPORT_PER_HOST: String(PER_HOST) });
  try {
    const { url, server: redisServer } = tagtrail.redis;
    const redis = openRedis({ url, name: 'bench' });
    const store = await openImageStreamRedis({ url, name: 'bench' });
    await seedSchedule(redis, { tags: due, hosts });
    const producer = await tagtrail.start('producer');
    const full = Math.min(HIGH_WATER, PER_HOST * hosts.length, due);
    const parts = { redis, store, producer, full, seen: new Uint8Array(due) };
    await fill(parts);
    await drain(parts);
    return {
      ...{ redisServer, due },
      residentBytes: () => residentBytes(producer.child.pid),
      beginSweep: () => void parts.seen.fill(0),
      distinct: () => parts.seen.reduce((sum, one) => sum + one, 0),
      turn: () => turn(parts),
      async [Symbol.asyncDispose]() {
        producer.child.kill('SIGCONT');
        redis.disconnect();
        await store[Symbol.asyncDispose]();
        await tagtrail[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await tagtrail[Symbol.asyncDispose]();
    throw error;
  }
}

async function turn(parts: SiteParts): Promise<Turn> {
  const { redis, producer } = parts;
  const before = { producer: cpuSeconds(producer.child.pid), redis: await redisCpuSeconds(redis) };
  const took = await fill(parts);
  const after = { producer: cpuSeconds(producer.child.pid), redis: await redisCpuSeconds(redis) };
  const tags = await drain(parts);
  return {
    ...{ tags, took },
    producer: after.producer - before.producer,
    redis: after.redis - before.redis,
  };
}

/** Lets the producer run until the queue is full. Answers how long that took, ms. */
async function fill({ redis, producer, full }: SiteParts): Promise<number> {
  const start = performance.now();
  producer.child.kill('SIGCONT');
  const filled = async () => ((await countWaiting(redis)) >= full ? true : undefined);
  await eventually(filled, FILL_LIMIT);
  const took = performance.now() - start;
  producer.child.kill('SIGSTOP');
  return took;
}

async function drain({ redis, store, seen }: SiteParts): Promise<number> {
  const drained = await drainJobs(redis, store);
  for (const { name, tag } of drained) seen[tagIndex(name, tag)] = 1;
  return drained.length;
}

function residentBytes(pid: number | undefined): number {
  const [, resident] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  return Number(resident) * PAGE_BYTES;
}
