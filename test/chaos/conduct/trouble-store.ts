import type { Redis } from 'ioredis';
import { KEYS } from '../installation/settings.ts';
import { until } from '../installation/until.ts';
import type { StoreFault } from '../plan/action.ts';
import { recovery } from './kill.ts';
import { withRedis } from './redis-turn.ts';
import { pause } from './run-lane.ts';
import type { Stage } from './stage.ts';

/** Bytes above what is used: a few commits. */
const LAST_BYTES = 16 * 1024;
/** ms that our own connection may take to be there again. */
const CONNECTION_LIMIT = 20_000;
/** The hash tag of all keys of the queues. */
const QUEUE_TAG = '{tagtrail-queue}';

/** Fills disk or memory of Redis, or deletes keys of the queue. */
export function troubleStore(stage: Stage, action: StoreFault): Promise<void> {
  const { tally, book } = stage;
  return withRedis(async () => {
    if (!stage.redis.runs) return;
    tally.add(`store ${action.trouble}`);
    book.note(`store: ${action.trouble}`);
    const back = book.open();
    const began = performance.now();
    await TROUBLES[action.trouble](stage, action);
    book.note(`store: ${action.trouble} is over`);
    back(isAway(action) ? recovery(performance.now() - began) : 0);
    await stage.watch.capture();
  });
}

/** Jobs that are deleted cost their tags a lease, and nobody else anything. */
function isAway({ trouble }: StoreFault): boolean {
  return trouble === 'disk-full' || trouble === 'memory-full';
}

const TROUBLES: Readonly<
  Record<StoreFault['trouble'], (stage: Stage, action: StoreFault) => Promise<void>>
> = {
  'disk-full': async ({ redis, signal, tally }, action) => {
    if (await redis.fillDisk()) tally.add('redis ended for a full disk');
    else await redis.end('SIGKILL');
    await pause(action.pause, signal);
    await redis.start();
  },
  'memory-full': async ({ watch, signal, tally }, action) => {
    const { redis } = watch;
    const used = await insist(() => figure(redis, 'memory', /^used_memory:(\d+)/m));
    await insist(() => redis.config('SET', 'maxmemory', String(used + LAST_BYTES)));
    await pause(action.pause, signal);
    const refused = await insist(() => figure(redis, 'errorstats', /^errorstat_OOM:count=(\d+)/m));
    if (refused > 0) tally.add('memory was full, and writes refused');
    await insist(() => redis.config('SET', 'maxmemory', '0'));
  },
  'queue-deleted': async ({ watch: { redis } }) => {
    const keys = await insist(() => redis.keys(`${QUEUE_TAG}*`));
    if (keys.length > 0) await insist(() => redis.del(...keys));
  },
  'waiting-deleted': async ({ watch: { redis } }) => {
    await insist(() => redis.del(`${KEYS.queues[0]}:wait`));
  },
};

/** Does it once there is a connection: Redis may have come back just now. */
async function insist<T>(act: () => Promise<T>): Promise<T> {
  const done = await until(async () => ({ answer: await act() }), CONNECTION_LIMIT);
  if (done === undefined) throw new Error(`redis is out of reach for ${CONNECTION_LIMIT} ms`);
  return done.answer;
}

async function figure(redis: Redis, section: string, pattern: RegExp): Promise<number> {
  return Number(pattern.exec(await redis.info(section))?.[1] ?? 0);
}
