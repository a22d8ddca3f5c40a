import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedRedis, openRedisForTest } from '../../embedded-redis/src/index.ts';
import { openBreakableLink } from '../../redis-connection/src/testing/breakable-link.ts';
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

describe('reading results', () => {
  it('delivers what was appended, in order, with receipts', async () => {
    const log = await fixture.open();
    await append(log, 1, 2, 3);
    const batch = await log.read(NOW);
    expect(fencesOf(batch)).toEqual([1, 2, 3]);
    expect(batch.results[0]).toEqual({
      result: result(1),
      receipt: { log: '{tagtrail}:results', group: 'status-writer', entry: expect.any(String) },
      deliveries: 1,
      endFence: 1,
    });
  });

  it('says which looks had begun when a result was appended', async () => {
    const log = await fixture.open();
    const [first, second] = [await log.startRun(), await log.startRun()];
    await log.append(result(first));
    const third = await log.startRun();
    await log.append(result(second));
    const { results } = await log.read(NOW);
    expect(results.map(({ endFence }) => endFence)).toEqual([second, third]);
  });

  it('delivers listings apart from results, with receipts of their own', async () => {
    const log = await fixture.open();
    await log.append(result(1));
    await log.append(listing(2));
    await log.append(result(3));
    const batch = await log.read(NOW);
    expect(fencesOf(batch)).toEqual([1, 3]);
    expect(batch.listings).toEqual([
      {
        result: listing(2),
        receipt: { log: '{tagtrail}:results', group: 'status-writer', entry: expect.any(String) },
        deliveries: 1,
      },
    ]);
  });

  it('says where the answer goes that somebody waits for', async () => {
    const log = await fixture.open();
    const request = (slot: number) => ({ id: 'r-1', replyTo: 'api-1', slot });
    await log.append({ ...result(1), request: request(4) });
    await log.append({ ...listing(2), request: request(5) });
    const address = {
      request: '{tagtrail}:request:r-1',
      replies: '{tagtrail}:replies:api-1',
      id: 'r-1',
    };
    const { results, listings } = await log.read(NOW);
    expect(results.map((one) => one.replyAddress)).toEqual([{ ...address, slot: 4 }]);
    expect(listings.map((one) => one.replyAddress)).toEqual([{ ...address, slot: 5 }]);
  });

  it('counts listings among what it was asked for', async () => {
    const log = await fixture.open();
    await log.append(listing(1));
    await log.append(result(2));
    const first = await log.read({ count: 1, wait: 0 });
    expect([first.listings.length, first.results.length]).toEqual([1, 0]);
    expect(fencesOf(await log.read({ count: 1, wait: 0 }))).toEqual([2]);
  });

  it('takes no more than asked and goes on from there', async () => {
    const log = await fixture.open();
    await append(log, 1, 2, 3);
    expect(fencesOf(await log.read({ count: 2, wait: 0 }))).toEqual([1, 2]);
    expect(fencesOf(await log.read({ count: 2, wait: 0 }))).toEqual([3]);
  });

  it('delivers what was appended before any reader came', async () => {
    await append(await fixture.open('worker'), 1);
    expect(fencesOf(await (await fixture.open()).read(NOW))).toEqual([1]);
  });

  it('answers an empty batch when nothing comes', async () => {
    const log = await fixture.open();
    expect(await log.read({ count: 10, wait: 1 })).toEqual({
      results: [],
      listings: [],
      undecodable: [],
    });
  });

  it('wakes up when something comes', async () => {
    const log = await fixture.open();
    const waiting = log.read({ count: 10, wait: 10_000 });
    await fixture.someoneBlocks();
    await append(log, 7);
    expect(fencesOf(await waiting)).toEqual([7]);
  });

  it('gives every entry to one of two readers', async () => {
    const [one, two] = [await fixture.open('one'), await fixture.open('two')];
    await append(one, 1, 2, 3, 4);
    const first = await one.read({ count: 2, wait: 0 });
    const second = await two.read(NOW);
    expect([...fencesOf(first), ...fencesOf(second)]).toEqual([1, 2, 3, 4]);
  });

  it('begins a new life with what the old one left, page by page', async () => {
    const before = await fixture.open('same-name');
    await append(before, 1, 2, 3);
    await before.read(NOW);
    await before[Symbol.asyncDispose]();
    const after = await fixture.open('same-name');
    await append(after, 4);
    const pages = [
      await after.read({ count: 2, wait: 0 }),
      await after.read({ count: 2, wait: 0 }),
      await after.read({ count: 2, wait: 0 }),
    ];
    expect(pages.map(fencesOf)).toEqual([[1, 2], [3], [4]]);
    expect(pages.map((page) => page.results[0]?.deliveries)).toEqual([2, 2, 1]);
  });

  it('does not deliver again what was acknowledged', async () => {
    const before = await fixture.open('same-name');
    await append(before, 1, 2);
    await fixture.acknowledge(await before.read({ count: 1, wait: 0 }));
    await before[Symbol.asyncDispose]();
    expect(fencesOf(await (await fixture.open('same-name')).read(NOW))).toEqual([2]);
  });

  it('hands out again what was lost with the connection', async () => {
    await using link = await openBreakableLink(server.url);
    const log = await fixture.open('writer-1', link.url);
    const waiting = log.read({ count: 10, wait: 10_000 });
    await fixture.someoneBlocks();
    link.hush();
    await append(await fixture.open('worker'), 5);
    link.drop();
    await expect(waiting).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    expect(fencesOf(await log.read(NOW))).toEqual([5]);
  });

  it('goes on when somebody deletes the keys', async () => {
    const log = await fixture.open();
    await append(log, 1);
    await log.read(NOW);
    await fixture.direct.flushall();
    await append(log, 2);
    expect(fencesOf(await log.read(NOW))).toEqual([2]);
  });

  it('goes on when somebody deletes the keys under a waiting reader', async () => {
    const log = await fixture.open();
    await append(log, 1);
    await log.read(NOW);
    const waiting = log.read({ count: 10, wait: 10_000 });
    await fixture.someoneBlocks();
    await fixture.direct.del(KEYS.log);
    await append(log, 2);
    const batch = await waiting;
    expect(fencesOf(batch.results.length > 0 ? batch : await log.read(NOW))).toEqual([2]);
  });

  it('sets a result aside whose answer would go to another key', async () => {
    const log = await fixture.open();
    const request = { id: 'r-1}:fence', replyTo: 'api-1', slot: 0 };
    const payload = JSON.stringify({ ...result(1), request });
    await fixture.direct.xadd(KEYS.log, '*', 'payload', payload);
    const batch = await log.read(NOW);
    expect(batch.results).toEqual([]);
    expect(batch.undecodable[0]?.problem).toContain('request.id must be');
  });

  it('sets entries aside that it cannot read', async () => {
    const log = await fixture.open();
    await fixture.direct.xadd(KEYS.log, '*', 'payload', 'scribble');
    await fixture.direct.xadd(KEYS.log, '*', 'id', 'payload');
    await append(log, 1);
    const batch = await log.read(NOW);
    expect(fencesOf(batch)).toEqual([1]);
    expect(batch.undecodable.map(({ problem }) => problem)).toEqual([
      'not a result: not JSON',
      'the entry has no payload',
    ]);
  });

  it('sets entries aside that were cut from the log before it came back to them', async () => {
    const before = await fixture.open('same-name');
    await append(before, 1);
    await before.read(NOW);
    await before[Symbol.asyncDispose]();
    await fixture.direct.xtrim(KEYS.log, 'MAXLEN', 0);
    const batch = await (await fixture.open('same-name')).read(NOW);
    expect(batch.undecodable[0]?.problem).toContain('trimmed');
  });

  it('stops waiting at once when it is disposed of', async () => {
    const log = await fixture.open();
    const waiting = log.read({ count: 10, wait: 10_000 });
    const outcome = expect(waiting).rejects.toMatchObject({ retryable: false });
    await fixture.someoneBlocks();
    await log[Symbol.asyncDispose]();
    await outcome;
    await expect(log.read(NOW)).rejects.toMatchObject({ code: 'closed' });
  });
});
