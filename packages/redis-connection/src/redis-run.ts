import type { Redis } from 'ioredis';
import { defineScript } from './redis-script.ts';
import { serverField } from './server-field.ts';

/** One start of a Redis server. */
export interface RedisRun {
  readonly runId: string;
  /**
   * True when nothing this server has acknowledged can be missing from its next run: every write is synced before
   * its reply (`appendfsync always`), also during rewrites, and the run did not begin as a replica of another.
   * False when the server won't say.
   */
  readonly durable: boolean;
}

/** How a counter met the server's run. */
export interface Adoption {
  /**
   * `same`: the run as last time, or a new one that has forgotten nothing; `first`: no run and no number before it;
   * `jumped` ahead, because this run may have forgotten the newest numbers.
   */
  readonly kind: 'same' | 'first' | 'jumped';
  /** The counter's value now. */
  readonly counter: number;
}

/** The second replication id of a server that never was a replica. */
const NO_REPLICATION_ID = /^0+$/;

/** Asks the server which run it is. Throws ioredis' error when INFO fails. */
export async function redisRun(redis: Redis): Promise<RedisRun> {
  const [server, replication, settings] = await Promise.all([
    redis.info('server'),
    redis.info('replication'),
    readSettings(redis),
  ]);
  const runId = serverField(server, 'run_id');
  if (runId === undefined) {
    throw new Error('the Redis server does not tell its run id');
  }
  const promoted = !NO_REPLICATION_ID.test(serverField(replication, 'master_replid2') ?? '');
  return { runId, durable: syncsAlways(settings) && !promoted };
}

/** One script; the counter may jump by `jump` once per run, whoever adopts it first. Durable runs never jump. */
export async function adoptRun(
  redis: Redis,
  counter: { readonly runKey: string; readonly counterKey: string; readonly jump: number },
): Promise<Adoption> {
  const { runId, durable } = await redisRun(redis);
  const keys = [counter.runKey, counter.counterKey];
  return parseAdoption(await adopt(redis, keys, [runId, durable ? 1 : 0, counter.jump]));
}

const adopt = defineScript(new URL('./adopt-run.lua', import.meta.url));

function parseAdoption(reply: unknown): Adoption {
  const [kind, counter] = Array.isArray(reply) ? reply : [];
  if (kind !== 'same' && kind !== 'first' && kind !== 'jumped') {
    throw new Error('adopt-run.lua answered something unknown');
  }
  return { kind, counter: Number(counter) };
}

const SETTINGS = ['appendonly', 'appendfsync', 'no-appendfsync-on-rewrite'] as const;
type Settings = Partial<Record<(typeof SETTINGS)[number], string>>;

async function readSettings(redis: Redis): Promise<Settings> {
  // One by one: CONFIG GET takes several names only from Redis 7.0.
  const values = await Promise.all(SETTINGS.map((name) => readSetting(redis, name)));
  return Object.fromEntries(SETTINGS.map((name, index) => [name, values[index]]));
}

async function readSetting(redis: Redis, name: string): Promise<string | undefined> {
  try {
    const [, value] = await redis.config('GET', name);
    return typeof value === 'string' ? value : undefined;
  } catch {
    // Hosted servers forbid CONFIG: not knowing is an answer. A lost connection shows in INFO, sent beside it.
    return undefined;
  }
}

function syncsAlways(settings: Settings): boolean {
  return (
    settings.appendonly === 'yes' &&
    settings.appendfsync === 'always' &&
    settings['no-appendfsync-on-rewrite'] === 'no'
  );
}
