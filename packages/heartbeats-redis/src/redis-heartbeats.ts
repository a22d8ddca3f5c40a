import type { Heartbeat } from '@tagtrail/observability';
import {
  defineScript,
  type GuardedRedis,
  openGuardedRedis,
  type RedisMemory,
  redisMemory,
} from '@tagtrail/redis-connection';
import type { Redis } from 'ioredis';
import { encodeHeartbeat, type NotedBeat } from './encode-heartbeat.ts';
import { heartbeatsError } from './heartbeats-error.ts';
import type { HeartbeatsInRedis } from './open-heartbeats.ts';
import { MAX_ENTRIES, sweep } from './sweep.ts';

/** ms to wait for a connection: the next beat comes in a second, and then there is a newer one to tell. */
const READY_WAIT = 1_000;

const noteBeat = defineScript(new URL('./beat.lua', import.meta.url));

/** Redis's side of the Heartbeats port: one hash, a field per process. */
export class RedisHeartbeats implements HeartbeatsInRedis {
  readonly #key: string;
  readonly #guarded: GuardedRedis;

  constructor(parts: { readonly url: string; readonly name: string; readonly key: string }) {
    const { url, name, key } = parts;
    this.#key = key;
    this.#guarded = openGuardedRedis({ url, name: `heartbeats:${name}`, readyWait: READY_WAIT });
  }

  beat(heartbeat: Heartbeat): Promise<void> {
    return this.#use('note a heartbeat', async (redis) => {
      const entry = [heartbeat.id, encodeHeartbeat(heartbeat)];
      const count = Number(await noteBeat(redis, [this.#key], entry));
      if (count > MAX_ENTRIES) await this.#sweep(redis);
    });
  }

  /** Times are told in the caller's clock, whatever those of the processes and of the server say. */
  list(now: number): Promise<readonly Heartbeat[]> {
    return this.#use('list the heartbeats', async (redis) => {
      const { noted, serverNow } = await this.#sweep(redis);
      return noted.map((beat) => inClockOf(beat, { now, serverNow }));
    });
  }

  /** Without a connection there is nobody to tell, and who stops does not wait for one. */
  async leave(id: string): Promise<void> {
    if (this.#guarded.redis.status !== 'ready') return;
    await this.#use('take a heartbeat away', (redis) => redis.hdel(this.#key, id));
  }

  memory(): Promise<RedisMemory> {
    return this.#use('read how full Redis is', redisMemory);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#guarded[Symbol.asyncDispose]();
  }

  async #sweep(redis: Redis) {
    const [[seconds, micros], entries] = await Promise.all([
      redis.time(),
      redis.hgetall(this.#key),
    ]);
    const serverNow = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
    const { noted, forgotten } = sweep(entries, serverNow);
    if (forgotten.length > 0) await redis.hdel(this.#key, ...forgotten);
    return { noted, serverNow };
  }

  async #use<T>(attempt: string, work: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      await this.#guarded.ready();
      return await work(this.#guarded.redis);
    } catch (error) {
      throw heartbeatsError(attempt, error);
    }
  }
}

function inClockOf(
  { heartbeat, receivedAt }: NotedBeat,
  { now, serverNow }: { readonly now: number; readonly serverNow: number },
): Heartbeat {
  const sentAt = now - Math.max(0, serverNow - receivedAt);
  return { ...heartbeat, sentAt, startedAt: heartbeat.startedAt + (sentAt - heartbeat.sentAt) };
}
