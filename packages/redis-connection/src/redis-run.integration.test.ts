import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedRedis, openRedisForTest } from '../../embedded-redis/src/index.ts';
import { type GuardedRedis, openGuardedRedis } from './open-guarded-redis.ts';
import { adoptRun, redisRun } from './redis-run.ts';

const COUNTER = { runKey: '{t}:run', counterKey: '{t}:fence', jump: 1_000 };

describe('adoptRun', () => {
  let server: EmbeddedRedis;
  let guard: GuardedRedis;

  beforeEach(async () => {
    server = await openRedisForTest();
    guard = openGuardedRedis({ url: server.url, name: 'test' });
    await guard.ready();
  });
  afterEach(async () => {
    await guard[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const forgetful = () => guard.redis.config('SET', 'appendfsync', 'everysec');
  /** What a server that was started anew looks like: it finds another run's id. */
  const pretendRestart = () => guard.redis.set(COUNTER.runKey, 'a run before this one');

  it('starts at nothing on the first run', async () => {
    expect(await adoptRun(guard.redis, COUNTER)).toEqual({ kind: 'first', counter: 0 });
    expect(await guard.redis.incr(COUNTER.counterKey)).toBe(1);
  });

  it('leaves the counter alone for the rest of the run', async () => {
    await forgetful();
    await adoptRun(guard.redis, COUNTER);
    await guard.redis.incrby(COUNTER.counterKey, 5);
    expect(await adoptRun(guard.redis, COUNTER)).toEqual({ kind: 'same', counter: 5 });
  });

  it('jumps ahead once when a new run may have forgotten numbers', async () => {
    await forgetful();
    await guard.redis.set(COUNTER.counterKey, 41);
    await pretendRestart();
    expect(await adoptRun(guard.redis, COUNTER)).toEqual({ kind: 'jumped', counter: 1_041 });
    expect(await adoptRun(guard.redis, COUNTER)).toEqual({ kind: 'same', counter: 1_041 });
  });

  it('jumps when the run key is gone but numbers were issued', async () => {
    await forgetful();
    await guard.redis.set(COUNTER.counterKey, 41);
    expect(await adoptRun(guard.redis, COUNTER)).toEqual({ kind: 'jumped', counter: 1_041 });
  });

  it('jumps once when several processes meet the new run together', async () => {
    await forgetful();
    await guard.redis.set(COUNTER.counterKey, 1);
    await pretendRestart();
    const adoptions = await Promise.all(
      Array.from({ length: 8 }, () => adoptRun(guard.redis, COUNTER)),
    );
    expect(adoptions.map(({ kind }) => kind).sort()).toEqual(['jumped', ...Array(7).fill('same')]);
    expect(await guard.redis.get(COUNTER.counterKey)).toBe('1001');
  });

  it('never jumps on a server that syncs every write', async () => {
    await guard.redis.set(COUNTER.counterKey, 41);
    await pretendRestart();
    expect(await adoptRun(guard.redis, COUNTER)).toEqual({ kind: 'same', counter: 41 });
  });

  it.each([
    ['syncs once a second', 'appendfsync', 'everysec'],
    ['keeps no log', 'appendonly', 'no'],
    ['stops syncing during rewrites', 'no-appendfsync-on-rewrite', 'yes'],
  ])('does not call a server durable that %s', async (_, name, value) => {
    expect((await redisRun(guard.redis)).durable).toBe(true);
    await guard.redis.config('SET', name, value);
    expect((await redisRun(guard.redis)).durable).toBe(false);
  });

  it('does not call a promoted replica durable', async () => {
    await guard.redis.replicaof('localhost', 1);
    await guard.redis.replicaof('NO', 'ONE');
    expect((await redisRun(guard.redis)).durable).toBe(false);
  });

  it('does not call a server durable that hides its settings', async () => {
    await guard.redis.acl('SETUSER', 'default', '-config');
    expect(await redisRun(guard.redis)).toEqual({
      runId: expect.stringMatching(/^[0-9a-f]{40}$/),
      durable: false,
    });
  });
});
