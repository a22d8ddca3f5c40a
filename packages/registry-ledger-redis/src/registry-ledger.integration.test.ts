import { openGuardedRedis } from '@tagtrail/redis-connection';
import { createSecretCipher } from '@tagtrail/secret-cipher';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedRedis, openRedisForTest } from '../../embedded-redis/src/index.ts';
import { openRegistryLedger, type RegistryLedger } from './open-registry-ledger.ts';

const ID = '["https://auth.example/token","planted-credential-id","repository:a/b:pull"]';
const KEY = new Uint8Array(32).fill(7);

let server: EmbeddedRedis;
let beside: ReturnType<typeof openGuardedRedis>;
const ledgers: RegistryLedger[] = [];
const troubles: unknown[] = [];

function open(key = KEY): RegistryLedger & { tokens: NonNullable<RegistryLedger['tokens']> } {
  const onTrouble = (error: unknown) => void troubles.push(error);
  const cipher = createSecretCipher(key);
  const ledger = openRegistryLedger({ url: server.url, name: 'test', cipher, onTrouble });
  ledgers.push(ledger);
  if (ledger.tokens === undefined) throw new Error('a cipher was given');
  return { ...ledger, tokens: ledger.tokens };
}

/** Ledgers wait for no connection; tests do. */
async function opened(...keys: (typeof KEY)[]) {
  const all = (keys.length === 0 ? [KEY] : keys).map((key) => open(key));
  for (const { lessons } of all) {
    await expect
      .poll(async () => {
        await lessons.write('probe', { headWorksUntil: 1 });
        return (await lessons.read('probe'))?.headWorksUntil;
      })
      .toBe(1);
  }
  troubles.length = 0;
  return all as [ReturnType<typeof open>, ...ReturnType<typeof open>[]];
}

beforeAll(async () => {
  server = await openRedisForTest();
  beside = openGuardedRedis({ url: server.url, name: 'beside' });
  await beside.ready();
});
beforeEach(async () => {
  await beside.redis.flushall();
});
afterAll(async () => {
  for (const ledger of ledgers) await ledger[Symbol.asyncDispose]();
  await beside[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const token = (value = 'planted-token', lifetime = 60_000) => ({
  value,
  lifetime,
  issuedAt: Date.now(),
});

describe('tokens in Redis', () => {
  it('are asked for by the first who comes, and kept for the others', async () => {
    const [one, other] = await opened(KEY, KEY);
    expect(await one.tokens.turn(ID, undefined)).toEqual({ kind: 'ask' });
    expect(await other?.tokens.turn(ID, undefined)).toEqual({ kind: 'wait' });
    const kept = token();
    await one.tokens.keep(ID, kept);
    const turn = await other?.tokens.turn(ID, undefined);
    expect(turn).toMatchObject({
      kind: 'kept',
      token: { value: 'planted-token', lifetime: 60_000 },
    });
    const issuedAt = turn?.kind === 'kept' ? turn.token.issuedAt : 0;
    expect(Math.abs(issuedAt - kept.issuedAt)).toBeLessThan(1_000);
  });

  it('are not handed out to who has them and wants them replaced', async () => {
    const [one, other] = await opened(KEY, KEY);
    const old = token('old');
    await one.tokens.keep(ID, old);
    expect(await one.tokens.turn(ID, old)).toEqual({ kind: 'ask' });
    expect(await other?.tokens.turn(ID, old)).toEqual({ kind: 'wait' });
    await one.tokens.keep(ID, token('new'));
    expect(await other?.tokens.turn(ID, old)).toMatchObject({
      kind: 'kept',
      token: { value: 'new' },
    });
  });

  it('are asked for by another when the first gives up, but not because of a stranger', async () => {
    const [one, other] = await opened(KEY, KEY);
    await one.tokens.turn(ID, undefined);
    await other?.tokens.giveUp(ID);
    expect(await other?.tokens.turn(ID, undefined)).toEqual({ kind: 'wait' });
    await one.tokens.giveUp(ID);
    expect(await other?.tokens.turn(ID, undefined)).toEqual({ kind: 'ask' });
  });

  it('are asked for again by a process that has lost its own turn', async () => {
    const [one, other] = await opened(KEY, KEY);
    expect(await one.tokens.turn(ID, undefined)).toEqual({ kind: 'ask' });
    expect(await one.tokens.turn(ID, undefined)).toEqual({ kind: 'ask' });
    expect(await other?.tokens.turn(ID, undefined)).toEqual({ kind: 'wait' });
  });

  it('are forgotten when their registry refuses them, unless they were replaced', async () => {
    const [one] = await opened();
    await one.tokens.keep(ID, token('new'));
    await one.tokens.refused(ID, 'old');
    expect(await one.tokens.turn(ID, undefined)).toMatchObject({ kind: 'kept' });
    await one.tokens.refused(ID, 'new');
    expect(await one.tokens.turn(ID, undefined)).toEqual({ kind: 'ask' });
  });

  it('end with their life, and so does the turn of a process that died', async () => {
    const [one] = await opened();
    await one.tokens.turn(ID, undefined);
    const [turnKey = ''] = await beside.redis.keys('*token-turn*');
    expect(await beside.redis.pttl(turnKey)).toBeGreaterThan(15_000);
    expect(await beside.redis.pttl(turnKey)).toBeLessThanOrEqual(20_000);
    await one.tokens.keep(ID, { ...token('old'), issuedAt: Date.now() - 59_900 });
    expect(await one.tokens.turn(ID, undefined)).toEqual({ kind: 'ask' });
    await one.tokens.keep(ID, { ...token('over'), issuedAt: Date.now() - 60_000 });
    expect(await one.tokens.turn(ID, undefined)).toEqual({ kind: 'ask' });
  });

  it('show neither themselves nor whose they are to whoever reads Redis', async () => {
    const [one] = await opened();
    await one.tokens.turn(ID, undefined);
    await one.tokens.keep(ID, token());
    const keys = await beside.redis.keys('*');
    const values = await Promise.all(
      keys.map(async (key) =>
        (await beside.redis.type(key)) === 'hash' ? beside.redis.hgetall(key) : '',
      ),
    );
    expect(keys.some((key) => key.startsWith('{tagtrail}:token:'))).toBe(true);
    expect(JSON.stringify([keys, values])).not.toMatch(/planted|auth\.example|repository/);
  });

  it('of a process with another key are of no use, and said so', async () => {
    const [one, stranger] = await opened(KEY, new Uint8Array(32).fill(8));
    await one.tokens.keep(ID, token());
    // Its marks differ, too, so that it does not even find the entry.
    expect(await stranger?.tokens.turn(ID, undefined)).toEqual({ kind: 'ask' });
    const [key = ''] = await beside.redis.keys('*:token:*');
    await beside.redis.hset(key, 'sealed', 'v1.00000000.AAAA');
    expect(await one.tokens.turn(ID, undefined)).toEqual({ kind: 'ask' });
    expect(troubles).toMatchObject([{ code: 'wrong-key' }]);
  });

  it('are asked for by everybody while Redis is away', async () => {
    const away = openRegistryLedger({
      url: 'redis://127.0.0.1:1',
      name: 'test',
      cipher: createSecretCipher(KEY),
      onTrouble: (error) => void troubles.push(error),
    });
    troubles.length = 0;
    expect(await away.tokens?.turn(ID, undefined)).toEqual({ kind: 'ask' });
    await away.tokens?.keep(ID, token());
    await away.tokens?.giveUp(ID);
    await away.tokens?.refused(ID, 'x');
    expect(await away.lessons.read('host')).toBeUndefined();
    await away.lessons.write('host', {});
    expect(troubles).toHaveLength(6);
    await away[Symbol.asyncDispose]();
  });

  it('stay in the process where there is no key to seal them with', async () => {
    const plain = openRegistryLedger({ url: server.url, name: 'test', onTrouble: () => {} });
    expect(plain.tokens).toBeUndefined();
    await plain[Symbol.asyncDispose]();
  });
});

describe('lessons in Redis', () => {
  const lessons = {
    challenge: { scheme: 'bearer', realm: 'https://a.example/t', service: 's', until: 5 },
    headBrokenUntil: 1,
    headWorksUntil: 2,
    wantsJsonUntil: 3,
    closeAfterHeadUntil: 4,
  } as const;

  it('are read as they were written, by every process, for a week', async () => {
    const [one, other] = await opened(KEY, KEY);
    await one.lessons.write('verified quay.io', lessons);
    expect(await other?.lessons.read('verified quay.io')).toEqual(lessons);
    expect(await other?.lessons.read('plain quay.io')).toBeUndefined();
    const rest = await beside.redis.pttl('{tagtrail}:lessons:verified quay.io');
    expect(rest).toBeGreaterThan(6 * 86_400_000);
  });

  it.each([
    ['nonsense', undefined],
    ['[]', undefined],
    ['x'.repeat(5_000), undefined],
    ['{"headBrokenUntil":"soon","headWorksUntil":2}', { headWorksUntil: 2 }],
    ['{"challenge":{"scheme":"bearer","until":1}}', {}],
    [
      '{"challenge":{"scheme":"basic","realm":7,"until":1}}',
      { challenge: { scheme: 'basic', until: 1 } },
    ],
    ['{"challenge":{"scheme":"basic"}}', {}],
    ['{"challenge":7}', {}],
  ])('that cannot be read are not believed: %s', async (text, read) => {
    const [one] = await opened();
    await beside.redis.set('{tagtrail}:lessons:verified a.example', text);
    expect(await one.lessons.read('verified a.example')).toEqual(read);
  });
});
