import type { Redis } from 'ioredis';
import { BLOCKING_OPTIONS, connectionOptions, REPLY_MAPPING } from './connection-options.ts';
import { GatheringClient } from './gathering-client.ts';
import { parseRedisUrl } from './parse-redis-url.ts';

/** Reconnections a plain command survives before it fails: enough for a restart, not for an outage. */
const PLAIN_RETRIES = 3;

/**
 * Opens a plain connection that reconnects by itself and, unlike `openGuardedRedis`, queues commands while it
 * does: for callers that do not care which run of the server answers. With `blocking`, a connection of its own
 * for commands that wait (`BLOCK` up to BLOCK_LIMIT ms), which survive any outage. A command interrupted by a
 * reconnect is sent again, so use it for commands that may run twice. Close it with `closeRedis`.
 */
export function openRedis(options: { url: string; name: string; blocking?: boolean }): Redis {
  const redis = new GatheringClient({
    ...parseRedisUrl(options.url),
    ...connectionOptions(options.name),
    ...(options.blocking === true
      ? { ...BLOCKING_OPTIONS, maxRetriesPerRequest: null }
      : { maxRetriesPerRequest: PLAIN_RETRIES }),
    replyMapping: REPLY_MAPPING,
  });
  // Reconnecting is ioredis' business and failed commands reject; an unheard 'error' event would be printed.
  redis.on('error', () => undefined);
  return redis;
}
