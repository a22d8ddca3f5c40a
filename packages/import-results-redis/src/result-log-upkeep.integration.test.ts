import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedRedis, openRedisForTest } from '../../embedded-redis/src/index.ts';
import type { RedisResultLog } from './open-result-log.ts';
import { RESULT_GROUP } from './result-log-keys.ts';
import { DEAD_LETTER_LIMIT } from './result-log-upkeep.ts';
import { trim } from './scripts.ts';
import {
  append,
  fencesOf,
  KEYS,
  listing,
  NOW,
  openFixture,
  type ResultLogFixture,
  result,
} from './testing/result-log-fixture.ts';

let server: EmbeddedRedis;
let fixture: ResultLogFixture;

beforeAll(async () => {
  server = await openRedisForTest();
  fixture = await openFixture(server.url);
});
afterEach(() => fixture.clear());
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

describe('claiming results', () => {
  it('takes over what a dead reader left, and counts the delivery', async () => {
    const dead = await fixture.open('dead');
    await append(dead, 1, 2);
    await dead.read(NOW);
    const batch = await (await fixture.open('alive')).claimStale({ count: 10, idle: 0 });
    expect(fencesOf(batch)).toEqual([1, 2]);
    expect(batch.results.map(({ deliveries }) => deliveries)).toEqual([2, 2]);
  });

  it('takes over listings, too', async () => {
    const dead = await fixture.open('dead');
    await dead.append({ ...listing(1), request: { id: 'r-1', replyTo: 'api-1', slot: 0 } });
    await dead.read(NOW);
    const batch = await (await fixture.open('alive')).claimStale({ count: 10, idle: 0 });
    expect(batch.listings).toMatchObject([{ deliveries: 2, replyAddress: { slot: 0 } }]);
  });

  it('leaves alone what was delivered just now', async () => {
    const busy = await fixture.open('busy');
    await append(busy, 1);
    await busy.read(NOW);
    const batch = await (await fixture.open('alive')).claimStale({ count: 10, idle: 60_000 });
    expect(batch.results).toEqual([]);
  });

  it('reaches everything in several calls', async () => {
    const dead = await fixture.open('dead');
    await append(dead, 1, 2, 3);
    await dead.read(NOW);
    const alive = await fixture.open('alive');
    const claimed = [
      await alive.claimStale({ count: 2, idle: 0 }),
      await alive.claimStale({ count: 2, idle: 0 }),
    ];
    expect(claimed.map(fencesOf)).toEqual([[1, 2], [3]]);
  });

  it('finds nothing in a log that nobody has written to', async () => {
    expect(await (await fixture.open()).claimStale({ count: 10, idle: 0 })).toEqual({
      results: [],
      listings: [],
      undecodable: [],
    });
  });
});

describe('burying results', () => {
  it('acknowledges an entry and keeps a copy with the problem', async () => {
    const log = await fixture.open();
    const entry = await fixture.direct.xadd(KEYS.log, '*', 'payload', 'scribble');
    const { undecodable } = await log.read(NOW);
    await log.bury(undecodable);
    const [letter] = await fixture.direct.xrange(KEYS.deadLetters, '-', '+');
    expect(letter?.[1]).toEqual([
      'entry',
      entry,
      'problem',
      'not a result: not JSON',
      'payload',
      'scribble',
    ]);
    expect(await log.stats()).toMatchObject({ pending: 0, deadLetters: 1 });
  });

  it('buries an entry once, however often it is asked', async () => {
    const log = await fixture.open();
    await append(log, 1);
    const [delivered] = (await log.read(NOW)).results;
    const burial = [{ receipt: delivered?.receipt ?? expect.fail(), problem: 'too often' }];
    await log.bury(burial);
    await log.bury(burial);
    expect(await log.stats()).toMatchObject({ deadLetters: 1 });
  });

  it('keeps the newest dead letters, each cut to size', async () => {
    const log = await fixture.open();
    await Promise.all(
      Array.from({ length: DEAD_LETTER_LIMIT + 1 }, () =>
        fixture.direct.xadd(KEYS.log, '*', 'payload', 'x'.repeat(20_000)),
      ),
    );
    for (
      let batch = await log.read(NOW);
      batch.undecodable.length > 0;
      batch = await log.read(NOW)
    ) {
      await log.bury(batch.undecodable);
    }
    const [newest] = await fixture.direct.xrevrange(KEYS.deadLetters, '+', '-', 'COUNT', 1);
    expect(newest?.[1].at(-1)).toHaveLength(16_384);
    expect(await log.stats()).toMatchObject({ pending: 0, deadLetters: DEAD_LETTER_LIMIT });
  });

  it('buries listings like results, however long they are', async () => {
    const log = await fixture.open();
    const tags = Array.from({ length: 50_000 }, (_, at) => `v${at}`);
    await log.append({ ...listing(1), outcome: { kind: 'listed', tags } });
    const [one] = (await log.read(NOW)).listings;
    if (one === undefined) throw new Error('no listing was delivered');
    await log.bury([{ receipt: one.receipt, problem: 'was not recorded' }]);
    const [letter] = await fixture.direct.xrange(KEYS.deadLetters, '-', '+');
    expect(letter?.[1].at(-1)).toHaveLength(16_384);
    expect(await log.stats()).toMatchObject({ pending: 0, deadLetters: 1 });
  });

  it('buries nothing when given nothing', async () => {
    await (await fixture.open()).bury([]);
  });
});

describe('trimming the log', () => {
  async function fill(log: RedisResultLog, count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, (_, at) => log.append(result(at + 1))));
  }

  it('drops what was acknowledged and nothing else', async () => {
    const log = await fixture.open();
    await fill(log, 500);
    await fixture.acknowledge(await log.read({ count: 400, wait: 0 }));
    const { done, lost } = await log.trim();
    expect(done).toBeGreaterThanOrEqual(300);
    expect(done).toBeLessThanOrEqual(400);
    expect(lost).toBe(0);
    expect(fencesOf(await log.read({ count: 500, wait: 0 }))).toHaveLength(100);
  });

  it('drops more than one call of the server can', async () => {
    const log = await fixture.open();
    const pipeline = fixture.direct.pipeline();
    for (let entry = 0; entry < 25_000; entry += 1) {
      pipeline.xadd(KEYS.log, '*', 'payload', '');
    }
    await pipeline.exec();
    await fixture.direct.xgroup('CREATE', KEYS.log, RESULT_GROUP, '$');
    const { done } = await log.trim();
    expect(done).toBeGreaterThan(24_800);
  });

  it('keeps everything from the oldest entry that somebody still holds', async () => {
    const log = await fixture.open();
    await fill(log, 500);
    const batch = await log.read({ count: 500, wait: 0 });
    await fixture.acknowledge({ ...batch, results: batch.results.slice(1) });
    expect(await log.trim()).toEqual({ done: 0, lost: 0 });
  });

  it('keeps a listing that somebody still holds, and drops it once it is acknowledged', async () => {
    const log = await fixture.open();
    await log.append(listing(1));
    await fill(log, 300);
    const batch = await log.read({ count: 500, wait: 0 });
    await fixture.acknowledge({ ...batch, listings: [] });
    expect(await log.trim()).toEqual({ done: 0, lost: 0 });
    await fixture.acknowledge({ ...batch, results: [] });
    expect((await log.trim()).done).toBeGreaterThan(100);
  });

  it('keeps everything while nobody reads', async () => {
    const log = await fixture.open();
    await fill(log, 300);
    expect(await log.trim()).toEqual({ done: 0, lost: 0 });
  });

  it('finds nothing to do without a log', async () => {
    expect(await (await fixture.open()).trim()).toEqual({ done: 0, lost: 0 });
  });

  it('counts as lost what the fuse cuts', async () => {
    const log = await fixture.open();
    await fill(log, 500);
    const reply = await trim(fixture.direct, [KEYS.log], [100]);
    expect(reply).toEqual([0, expect.toSatisfy((lost: number) => lost > 300 && lost <= 400)]);
  });

  it('still knows the lag afterwards', async () => {
    const log = await fixture.open();
    await fill(log, 500);
    await fixture.acknowledge(await log.read({ count: 450, wait: 0 }));
    await log.trim();
    expect(await log.stats()).toMatchObject({ lag: 50, pending: 0 });
  });
});

describe('readers that come and go', () => {
  const consumers = async () => {
    const reply: unknown = await fixture.direct.xinfo('CONSUMERS', KEYS.log, RESULT_GROUP);
    return Array.isArray(reply) ? reply.map((fields: unknown[]) => fields[1]) : [];
  };

  it('leave no name behind when they hold nothing', async () => {
    const log = await fixture.open('leaver');
    await append(log, 1);
    await fixture.acknowledge(await log.read(NOW));
    await log[Symbol.asyncDispose]();
    expect(await consumers()).toEqual([]);
  });

  it('keep their name while they hold something', async () => {
    const log = await fixture.open('holder');
    await append(log, 1);
    await log.read(NOW);
    await log[Symbol.asyncDispose]();
    expect(await consumers()).toEqual(['holder']);
  });
});
