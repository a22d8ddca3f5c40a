import type { ImportQueue } from '@tagtrail/import-contract';
import { openRedis } from '@tagtrail/redis-connection';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedRedis, openRedisForTest } from '../../embedded-redis/src/index.ts';
import { openBreakableLink } from '../../redis-connection/src/testing/breakable-link.ts';
import { openImportQueue } from './open-import-queue.ts';
import { importJob, listingJob, queued } from './testing/import-jobs.ts';

const KEY = '{tagtrail-queue}:imports';

describe('the queue, producing side', () => {
  let server: EmbeddedRedis;
  let direct: Redis;
  let queue: ImportQueue;

  beforeAll(async () => {
    server = await openRedisForTest();
    direct = openRedis({ url: server.url, name: 'test' });
  });
  afterAll(async () => {
    direct.disconnect();
    await server[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    queue = await openImportQueue({ url: server.url });
  });
  afterEach(async () => {
    await queue[Symbol.asyncDispose]();
    await direct.flushall();
  });

  const waiting = () => direct.llen(`${KEY}:wait`);

  it('adds a job per import', async () => {
    await queue.enqueue(queued(['a', 'b', 'c']));
    expect(await waiting()).toBe(3);
  });

  it('adds nothing for a tick that repeats', async () => {
    await queue.enqueue(queued(['a', 'b']));
    await queue.enqueue(queued(['a', 'b', 'a']));
    expect(await waiting()).toBe(2);
  });

  it('leaves jobs alone that still wait when their leases have run out', async () => {
    const tags = ['a', 'b', 'c', 'd', 'e'];
    await queue.enqueue(queued(tags));
    const before = await direct.lrange(`${KEY}:wait`, 0, -1);
    await queue.enqueue(queued(tags, true));
    expect(await direct.lrange(`${KEY}:wait`, 0, -1)).toEqual(before);
  });

  it('adds a new generation while the old one waits', async () => {
    await queue.enqueue(queued(['a']));
    await queue.enqueue([{ job: importJob('a', { generation: 2 }), leaseExpired: false }]);
    expect(await waiting()).toBe(2);
  });

  it('adds a listing beside the imports of its stream, once', async () => {
    const listing = { job: listingJob(), leaseExpired: false };
    await queue.enqueue([...queued(['a']), listing, listing]);
    expect(await waiting()).toBe(2);
    expect(await direct.get(`${KEY}:de:0d1f:*:1:0`)).toBe('2');
  });

  it('adds the same look once for the schedule and once for each slot that waits for it', async () => {
    const request = (slot: number) => ({ id: 'r-1', replyTo: 'api-1', slot });
    const jobs = [
      importJob('a'),
      importJob('a', { request: request(0) }),
      importJob('a', { request: request(1) }),
      listingJob({ request: request(2) }),
    ];
    const imports = jobs.map((job) => ({ job, leaseExpired: false }));
    await queue.enqueue(imports);
    await queue.enqueue(imports);
    expect(await waiting()).toBe(4);
  });

  it('adds more than one pipeline holds', async () => {
    await queue.enqueue(queued(Array.from({ length: 2_500 }, (_, at) => `t${at}`)));
    expect(await waiting()).toBe(2_500);
  });

  it('takes an empty list', async () => {
    await queue.enqueue([]);
  });

  it('adds again what was lost with the list that held it', async () => {
    await queue.enqueue(queued(['a', 'b']));
    await direct.del(`${KEY}:wait`);
    await queue.enqueue(queued(['a', 'b']));
    expect(await waiting()).toBe(0);
    await queue.enqueue(queued(['a', 'b'], true));
    expect(await waiting()).toBe(2);
  });

  it('leaves nothing of a lost job behind', async () => {
    await queue.enqueue(queued(['a']));
    await direct.del(`${KEY}:wait`);
    await queue.enqueue(queued(['a'], true));
    expect(await direct.exists(`${KEY}:1`)).toBe(0);
    expect(await direct.get(`${KEY}:de:0d1f:a:1:0`)).toBe(await direct.lindex(`${KEY}:wait`, 0));
  });

  it('adds again when everything of the queue was deleted', async () => {
    await queue.enqueue(queued(['a']));
    await direct.flushall();
    await queue.enqueue(queued(['a']));
    expect(await waiting()).toBe(1);
  });

  it('adds again when a job was lost although a lock is left', async () => {
    await queue.enqueue(queued(['a']));
    await direct.del(`${KEY}:wait`);
    await direct.set(`${KEY}:1:lock`, 'a worker that may be alive');
    await queue.enqueue(queued(['a'], true));
    expect(await waiting()).toBe(1);
  });

  it('goes on with a server that forgot its scripts', async () => {
    await queue.enqueue(queued(['a']));
    await direct.script('FLUSH');
    await queue.enqueue(queued(['b']));
    expect(await waiting()).toBe(2);
  });

  it('keeps the stream of events short', async () => {
    await queue.enqueue(queued(Array.from({ length: 3_000 }, (_, at) => `t${at}`)));
    expect(await direct.xlen(`${KEY}:events`)).toBeLessThan(1_200);
  });

  it('stores no more than the job', async () => {
    await queue.enqueue(queued(['a']));
    const stored = JSON.parse((await direct.hget(`${KEY}:1`, 'data')) ?? '');
    expect(stored).toEqual(importJob('a'));
  });

  it('uses the prefix it is given', async () => {
    await using other = await openImportQueue({ url: server.url, prefix: '{elsewhere}' });
    await other.enqueue(queued(['a']));
    expect(await direct.llen('{elsewhere}:imports:wait')).toBe(1);
    expect(await waiting()).toBe(0);
  });

  it('keeps what somebody waits for apart, and counts it apart', async () => {
    await using requested = await openImportQueue({ url: server.url, queue: 'requested-imports' });
    await requested.enqueue(queued(['a', 'b']));
    await queue.enqueue(queued(['a']));
    expect(await direct.llen('{tagtrail-queue}:requested-imports:wait')).toBe(2);
    expect(await requested.metrics()).toMatchObject({ waiting: 2 });
    expect(await queue.metrics()).toMatchObject({ waiting: 1 });
  });

  describe('its metrics', () => {
    it('are zero when nothing happened', async () => {
      expect(await queue.metrics()).toEqual({
        waiting: 0,
        active: 0,
        delayed: 0,
        failed: 0,
        completed: 0,
        oldestWait: 0,
      });
    });

    it('count what waits and time the oldest', async () => {
      await queue.enqueue(queued(['old', 'new']));
      await direct.hset(`${KEY}:1`, 'timestamp', Date.now() - 60_000);
      const metrics = await queue.metrics();
      expect(metrics.waiting).toBe(2);
      expect(metrics.oldestWait).toBeGreaterThanOrEqual(60_000);
      expect(metrics.oldestWait).toBeLessThan(90_000);
    });
  });

  describe('without a connection', () => {
    it('fails and says that waiting may help, then goes on by itself', async () => {
      await using link = await openBreakableLink(server.url);
      await using linked = await openImportQueue({ url: link.url });
      link.hush();
      const lost = linked.enqueue(queued(['a']));
      const outcome = expect(lost).rejects.toMatchObject({ code: 'unavailable', retryable: true });
      await direct.blpop('nothing', 0.05);
      link.drop();
      await outcome;
      await linked.enqueue(queued(['a']));
      expect(await waiting()).toBe(1);
    });
  });
});
