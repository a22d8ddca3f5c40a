import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultCache } from './default-cache.ts';
import { type EmbeddedRedis, openServer } from './open-embedded-redis.ts';

/**
 * An empty Redis for one test or test file, with a folder of its own under the temporary one; both go when it is disposed of or
 * the test runner is killed. The server's program is looked for as {@link openEmbeddedRedis} does, in the per-user cache.
 *
 * @throws EmbeddedRedisError
 */
export async function openRedisForTest(): Promise<EmbeddedRedis> {
  // biome-ignore lint/style/noProcessEnv: a test has no config.ts that could read PATH and HOME for it
  const environment = process.env;
  const [cache, folder] = await Promise.all([
    defaultCache(environment),
    mkdtemp(join(tmpdir(), 'tagtrail-test-')),
  ]);
  return openServer({ folder, cache, environment, throwaway: true });
}
