import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedRedis, openRedisForTest } from '../../embedded-redis/src/index.ts';
import { type GuardedRedis, openGuardedRedis } from './open-guarded-redis.ts';
import { type BreakableLink, openBreakableLink } from './testing/breakable-link.ts';

describe('openGuardedRedis', () => {
  let server: EmbeddedRedis;
  let link: BreakableLink;
  const opened: GuardedRedis[] = [];

  beforeAll(async () => {
    server = await openRedisForTest();
  });
  afterAll(() => server[Symbol.asyncDispose]());
  beforeEach(async () => {
    link = await openBreakableLink(server.url);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((guard) => guard[Symbol.asyncDispose]()));
    await link[Symbol.asyncDispose]();
  });

  function open(options: Partial<Parameters<typeof openGuardedRedis>[0]> = {}): GuardedRedis {
    const guard = openGuardedRedis({ url: link.url, name: 'test', ...options });
    opened.push(guard);
    return guard;
  }

  it('is ready once onConnected has run on the connection', async () => {
    const steps: string[] = [];
    const guard = open({
      onConnected: async (redis) => {
        steps.push(await redis.ping());
      },
    });
    await guard.ready();
    steps.push('ready');
    expect(steps).toEqual(['PONG', 'ready']);
  });

  it('runs onConnected again for each new connection, before ready', async () => {
    let connections = 0;
    const guard = open({
      onConnected: async () => {
        connections += 1;
      },
    });
    await guard.ready();
    link.drop();
    await closeOf(guard.redis);
    expect(connections).toBe(1);
    await guard.ready();
    expect(connections).toBe(2);
  });

  it('is pending from the moment the connection closes', async () => {
    // Long enough for a busy machine to connect: the wait is the same for both.
    const guard = open({ readyWait: 1_000 });
    await guard.ready();
    const closed = closeOf(guard.redis);
    await link.cut();
    await closed;
    await expect(guard.ready()).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });

  it('refuses commands on a new connection until onConnected has run', async () => {
    const gate = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const guard = open({
      onConnected: () => {
        entered.resolve();
        return gate.promise;
      },
    });
    await entered.promise;
    await expect(guard.redis.incr('early')).rejects.toMatchObject({ code: 'unavailable' });
    const pipelined = await guard.redis.pipeline().incr('early').incr('early').exec();
    expect(pipelined?.map(([error]) => error)).toEqual([expect.any(Error), expect.any(Error)]);
    gate.resolve();
    await guard.ready();
    expect(await guard.redis.exists('early')).toBe(0);
  });

  it('gives a connection up when onConnected fails, and tries the next', async () => {
    let attempts = 0;
    const guard = open({
      onConnected: async () => {
        attempts += 1;
        if (attempts < 3) {
          throw new Error('not this one');
        }
      },
    });
    await guard.ready();
    expect(attempts).toBe(3);
    expect(link.accepted).toBe(3);
  });

  it('names why onConnected failed when the wait is over', async () => {
    const guard = open({
      readyWait: 1_000,
      onConnected: () => Promise.reject(new Error('no such run')),
    });
    await expect(guard.ready()).rejects.toThrow('within 1000 ms: no such run');
  });

  it('does not let the onConnected of a lost connection open the next one', async () => {
    const first = Promise.withResolvers<void>();
    const entered: (() => void)[] = [];
    const inside = [0, 1].map(() => new Promise<void>((resolve) => entered.push(resolve)));
    let connections = 0;
    const guard = open({
      readyWait: 100,
      onConnected: () => {
        entered[connections]?.();
        connections += 1;
        return connections === 1 ? first.promise : new Promise(() => undefined);
      },
    });
    await inside[0];
    link.drop();
    await inside[1];
    first.resolve();
    await expect(guard.ready()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('rejects commands in flight when the connection is lost, and does not send them again', async () => {
    const guard = open();
    await guard.ready();
    link.hush();
    const lost = guard.redis.incr('counted-once');
    await expect(lastCommandArrives(server.url, 'counted-once')).resolves.toBe('1');
    link.drop();
    await expect(lost).rejects.toThrow();
    await guard.ready();
    expect(await guard.redis.get('counted-once')).toBe('1');
  });

  it('replaces a connection that stopped answering', async () => {
    const guard = open();
    await guard.ready();
    guard.redis.options.socketTimeout = 50;
    link.hush();
    await expect(guard.redis.ping()).rejects.toThrow();
    await guard.ready();
    expect(await guard.redis.ping()).toBe('PONG');
  });

  it('finds a server that comes back', async () => {
    const guard = open();
    await guard.ready();
    const closed = closeOf(guard.redis);
    await link.cut();
    await closed;
    const back = guard.ready();
    await link.mend();
    await back;
    expect(await guard.redis.ping()).toBe('PONG');
  });

  it('says why there is no connection, without the password', async () => {
    const url = new URL(link.url);
    url.searchParams.set('password', 'hunter2');
    const guard = open({ url: url.href, readyWait: 1_000 });
    const error = await guard.ready().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'unavailable' });
    expect(String(error)).toContain('WRONGPASS');
    expect(JSON.stringify(error, allFields)).not.toContain('hunter2');
  });

  it('rejects whoever waits when it is disposed of, and everyone after', async () => {
    await link.cut();
    const guard = open();
    const waiting = guard.ready();
    waiting.catch(() => undefined);
    await guard[Symbol.asyncDispose]();
    await expect(waiting).rejects.toMatchObject({ code: 'closed', retryable: false });
    await expect(guard.ready()).rejects.toMatchObject({ code: 'closed' });
    await expect(guard.redis.ping()).rejects.toThrow();
  });

  it('lets commands in flight finish when it is disposed of', async () => {
    const guard = open();
    await guard.ready();
    const answers = Array.from({ length: 100 }, () => guard.redis.incr('last-words'));
    await guard[Symbol.asyncDispose]();
    expect((await Promise.all(answers)).at(-1)).toBe(100);
  });

  it('interrupts a waiting command at once when a blocking connection is disposed of', async () => {
    const guard = open({ blocking: true });
    await guard.ready();
    const waiting = guard.redis.blpop('never', 10);
    const outcome = expect(waiting).rejects.toThrow();
    await guard[Symbol.asyncDispose]();
    await outcome;
  });
});

function closeOf(redis: Redis): Promise<void> {
  return new Promise((resolve) => redis.once('close', () => resolve()));
}

/** Watches from another connection until the key holds something. */
async function lastCommandArrives(url: string, key: string): Promise<string | null> {
  await using watcher = openGuardedRedis({ url, name: 'watcher' });
  await watcher.ready();
  const poll = async (): Promise<string | null> => (await watcher.redis.get(key)) ?? poll();
  return await poll();
}

function allFields(_: string, value: unknown): unknown {
  return value instanceof Error
    ? Object.fromEntries(
        Object.getOwnPropertyNames(value).map((name) => [name, Reflect.get(value, name)]),
      )
    : value;
}
