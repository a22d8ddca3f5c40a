import { describe, expect, it } from 'vitest';
import { openRedisForTest } from '../../embedded-redis/src/index.ts';
import { openGuardedRedis } from './open-guarded-redis.ts';
import { redisMemory } from './redis-memory.ts';

describe('redisMemory', () => {
  it('tells what is used, and what may be', async () => {
    await using server = await openRedisForTest();
    await using guarded = openGuardedRedis({ url: server.url, name: 'test' });
    await guarded.ready();
    const { redis } = guarded;
    const before = await redisMemory(redis);
    expect(before.usedBytes).toBeGreaterThan(100_000);
    expect(before.maxBytes).toBe(0);
    expect(before.systemBytes).toBeGreaterThan(before.usedBytes);
    await redis.config('SET', 'maxmemory', '64mb');
    await redis.set('much', 'x'.repeat(4_000_000));
    const after = await redisMemory(redis);
    expect(after.maxBytes).toBe(64 * 1024 * 1024);
    expect(after.usedBytes - before.usedBytes).toBeGreaterThan(3_900_000);
  });

  it('leaves the memory of the machine out when the server does not tell it', async () => {
    const info = async () => 'used_memory:1\r\nmaxmemory:2\r\n';
    expect(await redisMemory({ info } as never)).toEqual({ usedBytes: 1, maxBytes: 2 });
  });

  it('says so when the server does not tell', async () => {
    const silent = { info: async () => '# Memory\r\nused_memory:1\r\n' } as never;
    await expect(redisMemory(silent)).rejects.toThrow(
      'the Redis server does not tell its maxmemory',
    );
  });
});
