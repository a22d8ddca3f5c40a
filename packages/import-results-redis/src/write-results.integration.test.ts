import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedRedis, openRedisForTest } from '../../embedded-redis/src/index.ts';
import { openBreakableLink } from '../../redis-connection/src/testing/breakable-link.ts';
import {
  append,
  fencesOf,
  KEYS,
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

describe('starting runs', () => {
  it('issues greater fences to whoever asks, each once', async () => {
    const [one, two] = [await fixture.open('a'), await fixture.open('b')];
    const issued = await Promise.all(
      Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? one : two).startRun()),
    );
    expect(new Set(issued).size).toBe(200);
    expect(await one.startRun()).toBeGreaterThan(Math.max(...issued));
  });

  it('jumps ahead of fences that a restarted, forgetful server may have issued', async () => {
    await fixture.direct.config('SET', 'appendfsync', 'everysec');
    await using link = await openBreakableLink(server.url);
    const log = await fixture.open('a', link.url);
    const before = await log.startRun();
    await fixture.direct.set(KEYS.fenceRun, 'the run before a restart');
    link.drop();
    expect(await log.startRun()).toBeGreaterThan(before + 100_000);
    await fixture.direct.config('SET', 'appendfsync', 'always');
  });
});

describe('a counter of runs that nobody can count on from', () => {
  it('issues no fence twice, and says so', async () => {
    const log = await fixture.open();
    await fixture.direct.set(KEYS.fence, '4503599627370495');
    expect(await log.startRun()).toBe(2 ** 52);
    for (const counter of ['4503599627370496', '9007199254740950', '9007199254740992']) {
      await fixture.direct.set(KEYS.fence, counter);
      await expect(log.startRun()).rejects.toMatchObject({
        code: 'refused',
        retryable: false,
        message: 'could not start runs: nobody can count on from what {tagtrail}:fence holds',
      });
    }
  });
});

describe('appending results', () => {
  it('gets through when the connection breaks under it', async () => {
    await using link = await openBreakableLink(server.url);
    const log = await fixture.open('worker', link.url);
    const appended = log.append(result(1));
    link.drop();
    await appended;
    const read = fencesOf(await (await fixture.open()).read(NOW));
    expect(new Set(read)).toEqual(new Set([1]));
  });

  it('says that the log refuses when the key holds something else', async () => {
    const log = await fixture.open();
    await fixture.direct.set(KEYS.log, 'not a stream');
    await expect(log.append(result(1))).rejects.toMatchObject({
      name: 'ResultLogError',
      code: 'refused',
      message: expect.stringContaining('could not append results: WRONGTYPE'),
    });
  });
});

describe('the state of the log', () => {
  it('is all zero before anything happened', async () => {
    expect(await (await fixture.open()).stats()).toEqual({
      lag: 0,
      pending: 0,
      length: 0,
      deadLetters: 0,
      oldestPending: 0,
    });
  });

  it('counts everything as lag before the first reader', async () => {
    const log = await fixture.open();
    await append(log, 1, 2);
    expect(await log.stats()).toMatchObject({ lag: 2, pending: 0, length: 2 });
  });

  it('tells lag, pending entries and the age of the oldest', async () => {
    const log = await fixture.open();
    await append(log, 1, 2, 3);
    await log.read({ count: 2, wait: 0 });
    const { oldestPending, ...counts } = await log.stats();
    expect(counts).toEqual({ lag: 1, pending: 2, length: 3, deadLetters: 0 });
    expect(oldestPending).toBeGreaterThanOrEqual(0);
  });
});
