import { once } from 'node:events';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'undici';
import { redisCpuSeconds } from './cpu-clock.ts';

/** What a floor is told, as one line of JSON on its standard input. */
export interface FloorOrder {
  readonly redis: { readonly path: string; readonly password: string };
  /** `http://127.0.0.1:41234`, one per registry. */
  readonly registries: readonly string[];
  /** `/v2/…/manifests/…`, asked for in turn. */
  readonly paths: readonly string[];
  readonly accept: string;
  readonly job: unknown;
  readonly result: readonly string[];
  readonly checks: number;
  readonly bull: {
    readonly prefix: string;
    readonly options: object;
    readonly concurrency: number;
    readonly chunk: number;
    readonly eventsKept: number;
  };
  readonly batch: number;
}

/** CPU seconds of this process and of Redis. */
export interface FloorCost {
  readonly client: number;
  readonly redis: number;
}

export interface FloorCosts {
  readonly queue: FloorCost;
  readonly requests: FloorCost;
  readonly results: FloorCost;
}

type Floor = (order: FloorOrder, redis: Redis, checks: number) => Promise<void>;

/** Checks that warm a floor up before it is measured: compiled code, open connections, loaded scripts. */
const WARM_UP = 1_000;
/** Appends and requests on their way at once, as many as one worker has. */
const IN_FLIGHT = 64;

/** Runs `work` for every number below `count`, `IN_FLIGHT` at a time. */
async function many(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      await work(index);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}

/** BullMQ alone: jobs like ours, added in bulk, taken by a worker that does nothing. */
const queueFloor: Floor = async ({ redis: { path, password }, bull, job }, _, checks) => {
  const { prefix, options, concurrency, chunk, eventsKept } = bull;
  const connection = { path, password, maxRetriesPerRequest: null };
  const queue = new Queue('floor', {
    connection,
    prefix,
    defaultJobOptions: options,
    streams: { events: { maxLen: eventsKept } },
  });
  const worker = new Worker('floor', async () => undefined, { connection, prefix, concurrency });
  await worker.waitUntilReady();
  let done = 0;
  const all = new Promise<void>((resolve) => {
    worker.on('completed', () => {
      done += 1;
      if (done === checks) resolve();
    });
  });
  for (let at = 0; at < checks; at += chunk) {
    const jobs = Array.from({ length: Math.min(chunk, checks - at) }, (__, index) => ({
      name: 'import',
      data: job,
      opts: { deduplication: { id: `floor:${at + index}:0:0` } },
    }));
    await queue.addBulk(jobs);
  }
  await all;
  await worker.close();
  await queue.obliterate({ force: true });
  await queue.close();
};

/** undici alone: one HEAD per check on warm connections. */
const requestFloor: Floor = async ({ registries, paths, accept }, _, checks) => {
  const pools = registries.map((url) => new Pool(url, { connections: IN_FLIGHT / 2 }));
  await many(checks, async (index) => {
    const pool = pools[index % pools.length];
    const path = paths[index % paths.length] ?? '/';
    // Without `reset: false` undici closes the connection after every HEAD.
    const wanted = { method: 'HEAD' as const, path, headers: { accept }, reset: false };
    const answer = await pool?.request(wanted);
    await answer?.body.dump();
    if (answer?.statusCode !== 200) throw new Error(`HEAD ${path}: ${answer?.statusCode}`);
  });
  await Promise.all(pools.map((pool) => pool.close()));
};

/** Redis alone: every result appended, read by a group in batches, acknowledged. */
const resultFloor: Floor = async ({ result, batch }, redis, checks) => {
  const [log, group] = ['floor-log', 'floor'];
  await redis.xgroup('CREATE', log, group, '$', 'MKSTREAM');
  const reader = redis.duplicate();
  const reading = (async () => {
    for (let done = 0; done < checks; ) {
      const reply = await reader.xreadgroup(
        ...(['GROUP', group, 'one', 'COUNT', batch, 'BLOCK', 1_000] as const),
        ...(['STREAMS', log, '>'] as const),
      );
      const entries = (reply as [string, [string][]][] | null)?.[0]?.[1] ?? [];
      if (entries.length > 0) await reader.xack(log, group, ...entries.map(([id]) => id));
      done += entries.length;
    }
  })();
  await many(checks, () => redis.xadd(log, '*', ...result));
  await reading;
  reader.disconnect();
  await redis.del(log);
};

async function costOf(floor: Floor, order: FloorOrder, redis: Redis): Promise<FloorCost> {
  await floor(order, redis, WARM_UP);
  const [cpu, server] = [process.cpuUsage(), await redisCpuSeconds(redis)];
  await floor(order, redis, order.checks);
  const used = process.cpuUsage(cpu);
  return {
    client: (used.user + used.system) / 1e6,
    redis: (await redisCpuSeconds(redis)) - server,
  };
}

async function main(): Promise<void> {
  const [text] = (await once(process.stdin.setEncoding('utf8'), 'data')) as [string];
  const order = JSON.parse(text) as FloorOrder;
  const redis = new Redis({ ...order.redis, lazyConnect: true });
  await redis.connect();
  const costs: FloorCosts = {
    queue: await costOf(queueFloor, order, redis),
    requests: await costOf(requestFloor, order, redis),
    results: await costOf(resultFloor, order, redis),
  };
  redis.disconnect();
  process.stdout.write(JSON.stringify(costs));
}

await main();
