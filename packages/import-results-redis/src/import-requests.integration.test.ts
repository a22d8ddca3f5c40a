import { encodeSlotAnswer, type SlotAnswer } from '@tagtrail/import-contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedRedis, openRedisForTest } from '../../embedded-redis/src/index.ts';
import { openRedis } from '@tagtrail/redis-connection';
import { openImportRequests } from './open-import-requests.ts';

let server: EmbeddedRedis;
let direct: ReturnType<typeof openRedis>;
let requests: Awaited<ReturnType<typeof openImportRequests>>;
beforeAll(async () => {
  server = await openRedisForTest();
  direct = openRedis({ url: server.url, name: 'test' });
});
afterAll(async () => {
  direct.disconnect();
  await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  requests = await openImportRequests({ url: server.url });
});
afterEach(() => requests[Symbol.asyncDispose]());

const ANSWER: SlotAnswer = { kind: 'listed', tags: ['latest'] };
const LIFETIME = 60_000;

/** What the script of a commit does. */
async function fill(id: string, slot: number, text = encodeSlotAnswer(ANSWER)): Promise<void> {
  const replies = `{tagtrail}:replies:${requests.replyTo}`;
  await direct.hsetnx(`{tagtrail}:request:${id}`, String(slot), text);
  await direct.xadd(replies, '*', 'id', id, 'slot', String(slot), 'text', text);
}

describe('import requests', () => {
  it('hear their answers, whichever comes first: the answer or the question', async () => {
    const request = await requests.open({ id: 'r-1', lifetime: LIFETIME });
    const asked = request.answer(1);
    await fill('r-1', 0);
    await fill('r-1', 1);
    expect(await Promise.all([asked, request.answer(0)])).toEqual([ANSWER, ANSWER]);
  });

  it('are kept for their lifetime and no longer', async () => {
    await requests.open({ id: 'r-2', lifetime: LIFETIME });
    const left = await direct.pttl('{tagtrail}:request:r-2');
    expect(left).toBeGreaterThan(LIFETIME / 2);
    expect(left).toBeLessThanOrEqual(LIFETIME);
  });

  it('leave nothing behind when they are disposed of, and end whoever waits', async () => {
    const request = await requests.open({ id: 'r-3', lifetime: LIFETIME });
    const waiting = expect(request.answer(0)).rejects.toThrow('nobody waits');
    await request[Symbol.asyncDispose]();
    await waiting;
    expect(await direct.exists('{tagtrail}:request:r-3')).toBe(0);
    await fill('r-3', 0);
    await expect(request.answer(0)).rejects.toThrow('nobody waits');
  });

  it('leave nothing behind when the process ends', async () => {
    const request = await requests.open({ id: 'r-4', lifetime: LIFETIME });
    await fill('r-4', 5);
    const waiting = expect(request.answer(0)).rejects.toThrow('nobody waits');
    await requests[Symbol.asyncDispose]();
    await waiting;
    const keys = [`{tagtrail}:request:r-4`, `{tagtrail}:replies:${requests.replyTo}`];
    expect(await direct.exists(...keys)).toBe(0);
    await expect(requests.open({ id: 'r-5', lifetime: 1 })).rejects.toMatchObject({
      code: 'closed',
    });
  });

  it('miss nothing over a lost connection', async () => {
    const request = await requests.open({ id: 'r-6', lifetime: LIFETIME });
    await fill('r-6', 0);
    await request.answer(0);
    await direct.call('client', 'kill', 'type', 'normal', 'skipme', 'yes');
    await fill('r-6', 1);
    expect(await request.answer(1)).toEqual(ANSWER);
  });

  it('refuse an answer that cannot be read, and go on', async () => {
    const request = await requests.open({ id: 'r-7', lifetime: LIFETIME });
    await fill('r-7', 0, 'garbage');
    await fill('r-7', 1);
    await expect(request.answer(0)).rejects.toMatchObject({ code: 'refused' });
    expect(await request.answer(1)).toEqual(ANSWER);
  });
});
