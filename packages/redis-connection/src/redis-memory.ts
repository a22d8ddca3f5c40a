import type { Redis } from 'ioredis';
import { serverField } from './server-field.ts';

/** What a server holds. */
export interface RedisMemory {
  readonly usedBytes: number;
  /** 0 = unlimited. */
  readonly maxBytes: number;
  /** Memory of the machine that it runs on; absent where the server does not tell. */
  readonly systemBytes?: number;
}

/** Asks the server how full it is. Throws ioredis' error when INFO fails; some hosted servers forbid it. */
export async function redisMemory(redis: Redis): Promise<RedisMemory> {
  const text = await redis.info('memory');
  const number = (name: string) => {
    const value = Number(serverField(text, name) ?? Number.NaN);
    if (!Number.isFinite(value)) throw new Error(`the Redis server does not tell its ${name}`);
    return value;
  };
  const system = serverField(text, 'total_system_memory');
  return {
    usedBytes: number('used_memory'),
    maxBytes: number('maxmemory'),
    ...(system !== undefined && { systemBytes: number('total_system_memory') }),
  };
}
