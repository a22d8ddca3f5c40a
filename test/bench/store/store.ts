import { type ImageStreamRedis, openImageStreamRedis } from '@tagtrail/image-stream-redis';
import { openRedis } from '@tagtrail/redis-connection';
import type { Redis } from 'ioredis';
import { openInstallation } from '../../e2e/installation.ts';
import type { BenchReport } from '../bench-report.ts';
import { describeMachine } from '../machine.ts';
import { redisCpuSeconds } from '../pipeline/cpu-clock.ts';
import { seedSchedule } from '../schedule/seed-schedule.ts';
import { listAll } from './store-list.ts';
import { type Rate, reportStore, type Written } from './store-report.ts';
import { commitMoves, holdStreams, touchTags } from './store-writes.ts';
import { measureFanOut } from './watch-fan-out.ts';

const DEFAULT_STREAMS = 100_000;
/** Streams that are committed to in turn, and others that are touched. */
const COMMITTED_STREAMS = 2_000;
const TOUCHED_STREAMS = 200;
/** Runs of commits and touches in turn; the middle one counts. */
const RUNS = 5;
const COMMITS = 2_000;
const TOUCHES = 40_000;
/** Before the first run that counts. */
const WARM_UP = 1_000;

/** What the record store does in a second, and what its change log costs the API. `--tags` is the number of streams. */
export async function storeBench({
  tags = DEFAULT_STREAMS,
}: {
  readonly tags?: number;
}): Promise<BenchReport> {
  await using tagtrail = await openInstallation({});
  const { url, server } = tagtrail.redis;
  const redis = openRedis({ url, name: 'bench' });
  try {
    process.stderr.write(`writing ${tags} streams\n`);
    await seedSchedule(redis, { tags, tagsPerStream: 1, hosts: ['registry.example.com'] });
    await using store = await openImageStreamRedis({ url, name: 'bench' });
    const lists = [await listAll(store), await listAll(store), await listAll(store)];
    const written = await measureWrites(redis, store);
    const fanOut = await measureFanOut();
    const command = `pnpm bench store${tags === DEFAULT_STREAMS ? '' : ` --tags ${tags}`}`;
    return reportStore({ lists, written, fanOut }, describeMachine(server, command));
  } finally {
    redis.disconnect();
  }
}

async function measureWrites(redis: Redis, store: ImageStreamRedis): Promise<readonly Written[]> {
  const held = (await holdStreams(store, COMMITTED_STREAMS)).slice(TOUCHED_STREAMS);
  const commit = (count: number) => spent(redis, () => commitMoves(store, held, count), count);
  const touch = async (count: number) => {
    // Other streams than those that are committed to, as they are now.
    const touched = await holdStreams(store, TOUCHED_STREAMS);
    return spent(redis, () => touchTags(store, touched, count), count);
  };
  await commit(WARM_UP);
  await touch(WARM_UP);
  const written: Written[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    written.push({ commits: await commit(COMMITS), touches: await touch(TOUCHES) });
    process.stderr.write(`commits and touches ${run + 1} of ${RUNS}\n`);
  }
  return written;
}

/** How many a second, and what each costs. */
async function spent(redis: Redis, work: () => Promise<number>, count: number): Promise<Rate> {
  const client = process.cpuUsage();
  const before = await stateOf(redis);
  const took = await work();
  const { user, system } = process.cpuUsage(client);
  const after = await stateOf(redis);
  return {
    perSecond: count / took,
    client: ((user + system) / 1e6 / count) * 1_000,
    redis: ((after.cpu - before.cpu) / count) * 1_000,
    memoryBytes: (after.memory - before.memory) / count,
    fileBytes: (after.file - before.file) / count,
  };
}

async function stateOf(redis: Redis) {
  const figures = await redis.info('everything');
  const figure = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(figures)?.[1]);
  const changeLog = await redis.memory('USAGE', '{tagtrail}:log', 'SAMPLES', 0);
  return {
    cpu: await redisCpuSeconds(redis),
    /** Without the change log, which has a cap of its own. */
    memory: figure('used_memory') - (changeLog ?? 0),
    file: figure('aof_current_size'),
  };
}
