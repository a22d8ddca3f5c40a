import { encodeSlotAnswer, type ImportRequests, type SlotAnswer } from '@tagtrail/import-contract';
import { openRedis } from '@tagtrail/redis-connection';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedRedis, openRedisForTest } from '../../embedded-redis/src/index.ts';
import {
  type BreakableLink,
  openBreakableLink,
} from '../../redis-connection/src/testing/breakable-link.ts';
import { openImportRequests } from './open-import-requests.ts';

const LIFETIME = 60_000;
const HOUR = 3_600_000;

let server: EmbeddedRedis;
let direct: Redis;
let link: BreakableLink;
let requests: ImportRequests;

beforeAll(async () => {
  server = await openRedisForTest();
  direct = openRedis({ url: server.url, name: 'test' });
});
afterAll(async () => {
  direct.disconnect();
  await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  link = await openBreakableLink(server.url);
  requests = await openImportRequests({ url: link.url });
});
afterEach(async () => {
  await requests[Symbol.asyncDispose]();
  await link[Symbol.asyncDispose]();
  await direct.flushall();
});

const open = (id: string, lifetime = LIFETIME) => requests.open({ id, lifetime });
const requestKey = (id: string) => `{tagtrail}:request:${id}`;
const repliesKey = () => `{tagtrail}:replies:${requests.replyTo}`;
const conflict = (message: string): SlotAnswer => ({ kind: 'conflict', message });

/** What the script of a commit does; `entry` is the id of the answer on its stream. */
async function fill(id: string, slot: number, text: string, entry = '*'): Promise<void> {
  const transaction = direct.multi();
  if ((await direct.exists(requestKey(id))) === 1) {
    transaction.hsetnx(requestKey(id), String(slot), text);
    transaction.xadd(repliesKey(), entry, 'id', id, 'slot', slot, 'text', text);
    transaction.pexpire(repliesKey(), HOUR);
  }
  await transaction.exec();
}

const answer = (id: string, slot: number, message: string) =>
  fill(id, slot, encodeSlotAnswer(conflict(message)));

/** Until nothing that was answered is still to be heard. */
async function allHeard(): Promise<void> {
  while ((await direct.xlen(repliesKey())) > 0) await direct.ping();
}

/** Until the listener waits on the server, so that what follows meets it waiting. */
async function listening(): Promise<void> {
  while (!(await direct.info('clients')).includes('blocked_clients:1')) await direct.ping();
}

describe('a request', () => {
  it('hears its answers, whichever comes first: the answer or the question', async () => {
    const request = await open('r-1');
    const asked = request.answer(1);
    await answer('r-1', 0, 'zero');
    await answer('r-1', 1, 'one');
    expect(await asked).toEqual(conflict('one'));
    expect(await request.answer(0)).toEqual(conflict('zero'));
  });

  it('hears what comes while it waits', async () => {
    const request = await open('r-1');
    await listening();
    const asked = request.answer(0);
    await answer('r-1', 0, 'late');
    expect(await asked).toEqual(conflict('late'));
  });

  it('tells an answer to whoever asks again', async () => {
    const request = await open('r-1');
    await answer('r-1', 0, 'once');
    expect(await Promise.all([request.answer(0), request.answer(0)])).toEqual(
      Array(2).fill(conflict('once')),
    );
    expect(await request.answer(0)).toEqual(conflict('once'));
  });

  it('hears nothing of others', async () => {
    const [one, two] = [await open('r-1'), await open('r-2')];
    await answer('r-1', 0, 'for the first');
    await answer('r-2', 0, 'for the second');
    expect(await two.answer(0)).toEqual(conflict('for the second'));
    expect(await one.answer(0)).toEqual(conflict('for the first'));
  });

  it('hears more answers than one read brings', async () => {
    const request = await open('r-1');
    const slots = Array.from({ length: 500 }, (_, slot) => slot);
    await Promise.all(slots.map((slot) => answer('r-1', slot, `${slot}`)));
    const answers = await Promise.all(slots.map((slot) => request.answer(slot)));
    expect(answers).toEqual(slots.map((slot) => conflict(`${slot}`)));
  });

  it('hears long lists', async () => {
    const tags = Array.from({ length: 20_000 }, (_, at) => `v${at}`);
    const request = await open('r-1');
    await fill('r-1', 0, encodeSlotAnswer({ kind: 'listed', tags }));
    expect(await request.answer(0)).toEqual({ kind: 'listed', tags });
  });

  it('counts the first answer to a slot', async () => {
    const request = await open('r-1');
    await answer('r-1', 0, 'first');
    await answer('r-1', 0, 'second');
    await allHeard();
    expect(await request.answer(0)).toEqual(conflict('first'));
  });

  it('refuses an answer that cannot be read, and hears the others', async () => {
    const request = await open('r-1');
    await fill('r-1', 0, 'hunter2');
    await answer('r-1', 1, 'one');
    await expect(request.answer(0)).rejects.toMatchObject({
      code: 'refused',
      message: 'could not read an answer: not an answer: not JSON',
    });
    expect(await request.answer(1)).toEqual(conflict('one'));
  });

  it.each([
    ['without a slot', ['id', 'r-1', 'text', 'x']],
    ['to a slot that no request has', ['id', 'r-1', 'slot', '1e300', 'text', 'x']],
    ['to a request that nobody opened', ['id', 'r-9', 'slot', '0', 'text', 'x']],
    ['without anything', ['scribble', '']],
  ])('goes on after an answer %s', async (_, fields) => {
    const request = await open('r-1');
    await direct.xadd(repliesKey(), '*', ...fields);
    await answer('r-1', 0, 'zero');
    expect(await request.answer(0)).toEqual(conflict('zero'));
  });
});

describe('what a request leaves in Redis', () => {
  it('is one field beside its answers, as the script that fills them expects', async () => {
    await open('r-1');
    expect(await direct.hlen(requestKey('r-1'))).toBe(1);
  });

  it.each([
    ['its lifetime', LIFETIME, LIFETIME],
    ['an hour, if it would live for longer', HOUR * 24, HOUR],
    ['its lifetime, in whole milliseconds', 59_999.5, LIFETIME],
  ])('lasts for %s', async (_, lifetime, expected) => {
    await open('r-1', lifetime);
    const left = await direct.pttl(requestKey('r-1'));
    expect(left).toBeGreaterThan(expected - 10_000);
    expect(left).toBeLessThanOrEqual(expected);
  });

  it('is not a stream of answers that were heard', async () => {
    const request = await open('r-1');
    await answer('r-1', 0, 'zero');
    await request.answer(0);
    await allHeard();
    expect(await direct.pttl(repliesKey())).toBeGreaterThan(0);
  });

  it('is nothing once it was disposed of, and whoever waits hears that', async () => {
    const request = await open('r-1');
    const waiting = expect(request.answer(0)).rejects.toMatchObject({ code: 'closed' });
    await request[Symbol.asyncDispose]();
    await waiting;
    expect(await direct.exists(requestKey('r-1'))).toBe(0);
    await answer('r-1', 0, 'too late');
    expect(await direct.exists(repliesKey())).toBe(0);
    await expect(request.answer(0)).rejects.toMatchObject({ code: 'closed' });
    await request[Symbol.asyncDispose]();
  });

  it('is nothing once the process ends, and whoever waits hears that', async () => {
    const request = await open('r-1');
    await answer('r-1', 5, 'five');
    await request.answer(5);
    const waiting = expect(request.answer(0)).rejects.toMatchObject({ code: 'closed' });
    await requests[Symbol.asyncDispose]();
    await waiting;
    expect(await direct.keys('*')).toEqual([]);
    await expect(open('r-2')).rejects.toMatchObject({ code: 'closed', retryable: false });
  });

  it('is nothing when the process ends while it is opened', async () => {
    const opening = open('r-1');
    await Promise.all([requests[Symbol.asyncDispose](), opening.catch(() => undefined)]);
    expect(await direct.keys('*')).toEqual([]);
  });
});

describe('trouble with Redis', () => {
  it('loses no answer with the connection that it was on its way over', async () => {
    const request = await open('r-1');
    await answer('r-1', 0, 'zero');
    await request.answer(0);
    await listening();
    link.hush();
    await answer('r-1', 1, 'one');
    link.drop();
    expect(await request.answer(1)).toEqual(conflict('one'));
    expect(await request.answer(0)).toEqual(conflict('zero'));
  });

  it('loses no answer to an outage', async () => {
    const request = await open('r-1');
    await link.cut();
    await answer('r-1', 0, 'zero');
    await link.mend();
    expect(await request.answer(0)).toEqual(conflict('zero'));
  });

  it('hides no answer behind one of a server whose clock was ahead', async () => {
    const request = await open('r-1');
    await fill('r-1', 0, encodeSlotAnswer(conflict('zero')), '99999999999999-0');
    await request.answer(0);
    await link.cut();
    await direct.del(repliesKey());
    await answer('r-1', 1, 'one');
    await link.mend();
    expect(await request.answer(1)).toEqual(conflict('one'));
  });

  it('that forgot a request leaves its waits to their limit, and opens new ones', async () => {
    const forgotten = await open('r-1');
    const waiting = forgotten.answer(0);
    await direct.flushall();
    await answer('r-1', 0, 'to nobody');
    const next = await open('r-2');
    await answer('r-2', 0, 'zero');
    expect(await next.answer(0)).toEqual(conflict('zero'));
    const ended = expect(waiting).rejects.toMatchObject({ code: 'closed' });
    await forgotten[Symbol.asyncDispose]();
    await ended;
  });

  it('is told to whoever opens a request meanwhile', async () => {
    link.hush();
    const lost = expect(open('r-1')).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
    });
    await direct.ping();
    link.drop();
    await lost;
    await open('r-1');
  });

  it('that makes no request possible is told, although only part of it failed', async () => {
    await direct.set(requestKey('r-1'), 'not a hash');
    await expect(open('r-1')).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('could not register a request: WRONGTYPE'),
    });
  });

  it('does not keep a request or the process from ending', async () => {
    const request = await open('r-1');
    const waiting = expect(request.answer(0)).rejects.toMatchObject({ code: 'closed' });
    await link.cut();
    await request[Symbol.asyncDispose]();
    await waiting;
    await requests[Symbol.asyncDispose]();
  });
});
