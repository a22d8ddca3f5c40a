import { isMissing } from '@tagtrail/observability';
import { openGuardedRedis } from '@tagtrail/redis-connection';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedRedis, openRedisForTest } from '../../embedded-redis/src/index.ts';
import { openBreakableLink } from '../../redis-connection/src/testing/breakable-link.ts';
import { type HeartbeatsInRedis, openHeartbeats } from './open-heartbeats.ts';
import { MAX_ENTRIES } from './sweep.ts';
import { aHeartbeat } from './testing/a-heartbeat.ts';

const KEY = '{tagtrail}:heartbeats';
const NOW = 1_900_000_000_000;

let server: EmbeddedRedis;
let heartbeats: HeartbeatsInRedis;
let beside: ReturnType<typeof openGuardedRedis>;

beforeAll(async () => {
  server = await openRedisForTest();
  heartbeats = openHeartbeats({ url: server.url, name: 'test' });
  beside = openGuardedRedis({ url: server.url, name: 'beside' });
  await beside.ready();
});
afterEach(() => beside.redis.flushall());
afterAll(async () => {
  await heartbeats[Symbol.asyncDispose]();
  await beside[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** Notes a process that was silent for `age` ms of the server's clock. */
async function noteSilent(id: string, age: number) {
  const [seconds, micros] = await beside.redis.time();
  const receivedAt = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000) - age;
  await beside.redis.hset(KEY, id, JSON.stringify({ receivedAt, heartbeat: aHeartbeat({ id }) }));
}

describe('heartbeats in Redis', () => {
  it('lists the last beat of each process', async () => {
    await heartbeats.beat(aHeartbeat({ id: 'w1', figures: { active: 1 } }));
    await heartbeats.beat(aHeartbeat({ id: 'w1', figures: { active: 2 } }));
    await heartbeats.beat(aHeartbeat({ id: 'p1', service: 'producer', figures: {} }));
    const list = await heartbeats.list(NOW);
    expect(list.map(({ id, service, figures }) => [id, service, figures])).toEqual(
      expect.arrayContaining([
        ['w1', 'worker', { active: 2 }],
        ['p1', 'producer', {}],
      ]),
    );
    expect(list).toHaveLength(2);
  });

  it('tells times in the clock of who asks, however wrong those of the others are', async () => {
    await heartbeats.beat(aHeartbeat({ startedAt: 1_000, sentAt: 61_000 }));
    const [beat] = await heartbeats.list(NOW);
    expect(NOW - (beat?.sentAt ?? 0)).toBeGreaterThanOrEqual(0);
    expect(NOW - (beat?.sentAt ?? 0)).toBeLessThan(1_000);
    expect((beat?.sentAt ?? 0) - (beat?.startedAt ?? 0)).toBe(60_000);
  });

  it('knows who is missing after three seconds of silence, and forgets after ten minutes', async () => {
    await noteSilent('well', 1_500);
    await noteSilent('gone', 3_000);
    await noteSilent('long gone', 595_000);
    await noteSilent('forgotten', 600_000);
    const list = await heartbeats.list(NOW);
    expect(list.map((beat) => [beat.id, isMissing(beat, NOW)])).toEqual([
      ['well', false],
      ['gone', true],
      ['long gone', true],
    ]);
    expect(await beside.redis.hexists(KEY, 'forgotten')).toBe(0);
  });

  it('takes away who leaves in good order', async () => {
    await heartbeats.beat(aHeartbeat());
    await heartbeats.leave('w1');
    await heartbeats.leave('nobody');
    expect(await heartbeats.list(NOW)).toEqual([]);
  });

  it('passes over what it cannot read', async () => {
    await beside.redis.hset(KEY, 'junk', '{"receivedAt":', 'other', '[]');
    await heartbeats.beat(aHeartbeat());
    expect((await heartbeats.list(NOW)).map(({ id }) => id)).toEqual(['w1']);
  });

  it('holds a bounded number of processes', async () => {
    const junk = Array.from({ length: MAX_ENTRIES + 50 }, (_, at) => [`junk-${at}`, 'junk']).flat();
    await beside.redis.hset(KEY, ...junk);
    await heartbeats.beat(aHeartbeat());
    expect(await beside.redis.hlen(KEY)).toBe(MAX_ENTRIES);
    expect((await heartbeats.list(NOW)).map(({ id }) => id)).toEqual(['w1']);
  });

  it('tells how full Redis is', async () => {
    const { usedBytes, maxBytes } = await heartbeats.memory();
    expect(usedBytes).toBeGreaterThan(100_000);
    expect(maxBytes).toBe(0);
  });

  it('says so when the key holds something else', async () => {
    await beside.redis.set(KEY, 'not a hash');
    await expect(heartbeats.beat(aHeartbeat())).rejects.toMatchObject({
      name: 'HeartbeatsError',
      code: 'refused',
      retryable: false,
      message: expect.stringContaining('could not note a heartbeat: '),
    });
    await expect(heartbeats.list(NOW)).rejects.toThrow('could not list the heartbeats: WRONGTYPE');
    await expect(heartbeats.leave('w1')).rejects.toThrow('could not take a heartbeat away: WRONG');
  });

  it('gives up soon while Redis is away, and goes on when it is back', async () => {
    await using link = await openBreakableLink(server.url);
    await using far = openHeartbeats({ url: link.url, name: 'far' });
    await far.beat(aHeartbeat());
    await link.cut();
    const before = performance.now();
    await expect(far.beat(aHeartbeat())).rejects.toMatchObject({ code: 'unavailable' });
    await expect(far.memory()).rejects.toThrow('could not read how full Redis is: ');
    expect(performance.now() - before).toBeLessThan(4_000);
    await link.mend();
    await expect
      .poll(() => far.beat(aHeartbeat({ id: 'back' })).then(() => 'beaten', String), {
        timeout: 10_000,
      })
      .toBe('beaten');
  });
});
