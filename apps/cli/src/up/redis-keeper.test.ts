import type { EmbeddedRedis } from '@tagtrail/embedded-redis';
import { expect, it } from 'vitest';
import { keepRedis } from './redis-keeper.ts';

/** A server whose end the test decides. */
function server(url: string, log: string[]) {
  const exited = Promise.withResolvers<{ reason: string }>();
  const redis: EmbeddedRedis = {
    url,
    server: 'redis-server 7.0.15',
    pid: 1,
    exited: exited.promise,
    [Symbol.asyncDispose]: async () => void log.push(`disposed ${url}`),
  };
  return { redis, end: (reason: string) => exited.resolve({ reason }) };
}

it('says why Redis ended, starts it again, and tells that it moved', async () => {
  const log: string[] = [];
  const first = server('unix:///one', log);
  const second = server('unix:///two', log);
  const opened = [first, new Error('disk is full'), second];
  const moved = Promise.withResolvers<void>();
  const keeper = await keepRedis({
    open: async () => {
      const next = opened.shift();
      if (next === undefined || next instanceof Error) throw next;
      return next.redis;
    },
    say: (line) => log.push(line),
    onMoved: () => moved.resolve(),
    backoff: { first: 1, max: 1 },
  });
  expect(keeper.url).toBe('unix:///one');
  first.end('exit code 1: no space left');
  await moved.promise;
  expect(keeper.url).toBe('unix:///two');
  await keeper[Symbol.asyncDispose]();
  expect(log).toEqual([
    'Redis ended: exit code 1: no space left; starting it again',
    'disposed unix:///one',
    'Redis cannot be started: disk is full; trying again',
    'Redis runs again; the processes are started anew, for its socket is another one',
    'disposed unix:///two',
  ]);
});
