import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { findFreePort } from '../processes/free-port.ts';
import { checkRedisReachable, describeRedisUrl } from './reach-redis.ts';

describe('describeRedisUrl', () => {
  it.each([
    ['rediss://user:pw@redis.example:6380/1?x=y', 'rediss://redis.example:6380'],
    ['unix:///run/redis.sock?password=pw', 'unix:///run/redis.sock'],
  ])('shows no password of %s', (url, shown) => {
    expect(describeRedisUrl(url)).toBe(shown);
  });

  it('does not quote what is no URL of a Redis', () => {
    expect(() => describeRedisUrl('http://:pw@x')).toThrow(
      /^REDIS_URL is not a redis:\/\/, rediss:\/\/ or unix:\/\/ URL$/u,
    );
  });
});

describe('checkRedisReachable', () => {
  it('is content when somebody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await expect(checkRedisReachable(`redis://:pw@127.0.0.1:${port}/0`)).resolves.toBeUndefined();
    server.close();
  });

  it('says in one line why nobody is reached', async () => {
    const port = await findFreePort();
    await expect(checkRedisReachable(`redis://:pw@127.0.0.1:${port}`)).rejects.toThrow(
      `cannot reach Redis at redis://127.0.0.1:${port}: connection refused`,
    );
    await expect(checkRedisReachable('unix:///nowhere/r.sock?password=pw')).rejects.toThrow(
      'cannot reach Redis at unix:///nowhere/r.sock: no such file or directory',
    );
  });
});
