import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedRedis, openRedisForTest } from '../../embedded-redis/src/index.ts';
import { closeRedis } from './close-redis.ts';
import { openRedis } from './open-redis.ts';
import { openBreakableLink } from './testing/breakable-link.ts';

describe('openRedis and closeRedis', () => {
  let server: EmbeddedRedis;

  beforeAll(async () => {
    server = await openRedisForTest();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('queue commands until the connection is there', async () => {
    const redis = openRedis({ url: server.url, name: 'test' });
    expect(await redis.ping()).toBe('PONG');
    closeRedis(redis);
  });

  it('name the connection for whoever looks at the server', async () => {
    const redis = openRedis({ url: server.url, name: 'test' });
    expect(await redis.client('GETNAME')).toBe('tagtrail:test');
    closeRedis(redis);
  });

  it('let a blocking command survive an outage', async () => {
    await using link = await openBreakableLink(server.url);
    const redis = openRedis({ url: link.url, name: 'test', blocking: true });
    await redis.ping();
    const waiting = redis.blpop('list', 5);
    await link.cut();
    await link.mend();
    const other = openRedis({ url: server.url, name: 'other' });
    await other.rpush('list', 'arrived');
    expect(await waiting).toEqual(['list', 'arrived']);
    closeRedis(other);
    closeRedis(redis);
  });

  it('reject a command that waits on the server when closed', async () => {
    const redis = openRedis({ url: server.url, name: 'test', blocking: true });
    await redis.ping();
    const waiting = redis.blpop('never', 10);
    closeRedis(redis);
    await expect(waiting).rejects.toThrow();
  });

  it('reject a command that waits for a reconnection when closed', async () => {
    await using link = await openBreakableLink(server.url);
    const redis = openRedis({ url: link.url, name: 'test', blocking: true });
    await redis.ping();
    const waiting = redis.blpop('never', 10);
    const lost = new Promise((resolve) => redis.once('reconnecting', resolve));
    await link.cut();
    await lost;
    closeRedis(redis);
    await expect(waiting).rejects.toThrow();
    expect(redis.status).toBe('end');
  });

  it('refuse commands once closed', async () => {
    const redis = openRedis({ url: server.url, name: 'test' });
    await redis.ping();
    closeRedis(redis);
    await new Promise((resolve) => redis.once('end', resolve));
    await expect(redis.ping()).rejects.toThrow('closed');
  });
});
