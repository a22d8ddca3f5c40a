import {
  defaultCache,
  type EmbeddedRedis,
  EmbeddedRedisError,
  openEmbeddedRedis,
} from '@tagtrail/embedded-redis';
import { CliError } from '../cli-error.ts';
import { redisUrlOf, type Variables } from '../config.ts';
import { checkRedisReachable } from './reach-redis.ts';
import { externalRedis, keepRedis, type RedisKeeper } from './redis-keeper.ts';
import type { StateFolder } from './state-folder.ts';

export interface RedisOptions {
  readonly folder: StateFolder;
  readonly variables: Variables;
  readonly say: (line: string) => void;
  readonly onMoved: () => void;
}

/** The user's Redis when REDIS_URL names one, else one of our own, which claims the data folder. Throws CliError. */
export async function openRedis(options: RedisOptions): Promise<RedisKeeper> {
  const { folder, variables, say, onMoved } = options;
  const url = redisUrlOf(variables);
  if (url !== undefined) {
    await checkRedisReachable(url);
    return externalRedis(url);
  }
  const cache = await defaultCache(variables);
  const open = (): Promise<EmbeddedRedis> =>
    openEmbeddedRedis({ folder: folder.redis, cache, onNotice: say, environment: variables });
  try {
    return await keepRedis({ open, say, onMoved });
  } catch (error) {
    throw error instanceof EmbeddedRedisError ? explain(error) : error;
  }
}

function explain(error: EmbeddedRedisError): CliError {
  if (error.code === 'folder-owned') {
    const advice = 'stop the other `tagtrail up`, or choose another folder with --data-dir';
    return new CliError('data-folder', `${error.message}: ${advice}`, { cause: error });
  }
  if (error.code === 'folder-not-writable') {
    const advice = 'choose another folder with --data-dir';
    return new CliError('data-folder', `${error.message}; ${advice}`, { cause: error });
  }
  return new CliError('redis', error.message, { cause: error });
}
