import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

/** Runs a script atomically on the server; answers its reply in RESP2 shapes, text as strings. */
export type RedisScript = (
  redis: Redis,
  keys: readonly string[],
  args: readonly (string | number | Buffer)[],
) => Promise<unknown>;

/**
 * Loads a Lua script once, at import time: `defineScript(new URL('./commit.lua', import.meta.url))`.
 * `includes` are files of local functions put before it. Running sends the script's SHA-1 and, to a server that
 * does not know it (new, restarted, flushed), its text.
 */
export function defineScript(file: URL, includes: readonly URL[] = []): RedisScript {
  const source = [...includes, file].map((url) => readFileSync(url, 'utf8')).join('\n');
  const sha1 = createHash('sha1').update(source).digest('hex');
  return async (redis, keys, args) => {
    try {
      return await redis.evalsha(sha1, keys.length, ...keys, ...args);
    } catch (error) {
      if (!isUnknownScript(error)) {
        throw error;
      }
      // NOSCRIPT means nothing ran, so sending it again is safe.
      return redis.eval(source, keys.length, ...keys, ...args);
    }
  };
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
