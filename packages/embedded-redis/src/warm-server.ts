import { defaultCache } from './default-cache.ts';
import { STANDARD_ENVIRONMENT } from './environment.ts';
import { type FindOptions, findRedisServer } from './search/find-redis-server.ts';
import type { RedisServer } from './search/redis-server.ts';

/**
 * Finds a server, or downloads and unpacks one, so that nobody has to wait for that later. Without a `cache` it is the one that
 * {@link openRedisForTest} uses.
 *
 * @throws EmbeddedRedisError `no-server`.
 */
export async function warmServer(
  options: Omit<FindOptions, 'cache'> & { readonly cache?: string },
): Promise<RedisServer> {
  const cache = options.cache ?? (await defaultCache(options.environment ?? STANDARD_ENVIRONMENT));
  return findRedisServer({ ...options, cache });
}
