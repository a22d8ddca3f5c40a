import type { Heartbeats } from '@tagtrail/observability';
import { DEFAULT_SLOT, type RedisMemory, slotKey } from '@tagtrail/redis-connection';
import { RedisHeartbeats } from './redis-heartbeats.ts';

export interface HeartbeatsOptions {
  readonly url: string;
  /** Record slot that the processes work for. */
  readonly slot?: string;
  /** Shown in CLIENT LIST. */
  readonly name: string;
}

/** The heartbeats of an installation, and how full the Redis is that they stand in. */
export interface HeartbeatsInRedis extends Heartbeats {
  /** Throws HeartbeatsError; `refused` where INFO is forbidden. */
  memory(): Promise<RedisMemory>;
}

/**
 * Opens the heartbeats in a Redis hash. It does not wait for a connection: without one every method throws
 * HeartbeatsError after a second. Throws RedisConnectionError `invalid-url` and `invalid-slot`.
 */
export function openHeartbeats(options: HeartbeatsOptions): HeartbeatsInRedis {
  const { url, slot = DEFAULT_SLOT, name } = options;
  return new RedisHeartbeats({ url, name, key: slotKey(slot, 'heartbeats') });
}
