import {
  type AccessTokenDraft,
  type AccessTokenStore,
  createAccessToken,
  createAuthenticator,
  EXPIRED_TOKEN_KEPT,
  MAX_ACCESS_TOKENS,
} from '@tagtrail/access-control';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedRedis, openRedisForTest } from '../../embedded-redis/src/index.ts';
import { openAccessTokens } from './open-access-tokens.ts';

const KEY = '{tagtrail}:access-tokens';
const NOW = Date.parse('2026-11-23T10:00:00Z');
const MINUTE = 60_000;

const opened = new AsyncDisposableStack();
let server: EmbeddedRedis;
let redis: Redis;
let store: AccessTokenStore;

beforeAll(async () => {
  server = opened.use(await openRedisForTest());
  redis = new Redis(server.url);
  opened.defer(() => redis.disconnect());
  store = opened.use(openAccessTokens({ url: server.url, name: 'test' }));
});
afterEach(() => redis.flushall());
afterAll(() => opened.disposeAsync());

function aToken(name: string, more: Partial<AccessTokenDraft> = {}, now = NOW) {
  const draft = { name, grants: [{ role: 'edit', namespace: 'demo' }], ...more };
  const made = createAccessToken(draft, { createdBy: 'admin', now });
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made;
}

describe('an access token', () => {
  it('comes back as it was made, and its text stands nowhere in Redis', async () => {
    const { record, text } = aToken('ci', { expires: NOW + MINUTE });
    expect(await store.create(record)).toBe('created');
    expect(await store.read(record.id)).toEqual(record);
    const { hash, ...token } = record;
    expect(await store.list()).toEqual([token]);
    const [, , secret = ''] = text.split('_');
    const kept = JSON.stringify(await redis.hgetall(KEY));
    expect(kept).toContain(hash);
    expect(kept).not.toContain(secret);
  });

  it('is known to another process by its text, until it is removed', async () => {
    const { record, text } = aToken('ci');
    await store.create(record);
    await using other = openAccessTokens({ url: server.url, name: 'other' });
    let now = NOW;
    const authenticator = createAuthenticator({ store: other, now: () => now });
    expect(await authenticator.authenticate(text)).toMatchObject({ name: 'ci' });
    expect(await store.remove(record.id)).toBe(true);
    expect(await store.remove(record.id)).toBe(false);
    now += 10_000;
    expect(await authenticator.authenticate(text)).toBeUndefined();
  });

  it('has its name for itself', async () => {
    const first = aToken('ci').record;
    await store.create(first);
    expect(await store.create(aToken('ci').record)).toBe('conflict');
    expect(await store.create({ ...aToken('other').record, id: first.id })).toBe('conflict');
    expect((await store.list()).map(({ id }) => id)).toEqual([first.id]);
  });

  it('is listed by its name', async () => {
    for (const name of ['web', 'ci', 'ops']) await store.create(aToken(name).record);
    expect((await store.list()).map(({ name }) => name)).toEqual(['ci', 'ops', 'web']);
  });

  it('is one of so many', async () => {
    const records = Array.from({ length: MAX_ACCESS_TOKENS }, (_, at) => aToken(`t${at}`).record);
    await redis.hset(KEY, Object.fromEntries(records.map((one) => [one.id, JSON.stringify(one)])));
    expect(await store.create(aToken('more').record)).toBe('full');
    await store.remove(records[0]?.id ?? '');
    expect(await store.create(aToken('more').record)).toBe('created');
  });

  it('belongs to its slot', async () => {
    await using other = openAccessTokens({ url: server.url, slot: 'other', name: 'test' });
    await other.create(aToken('ci').record);
    expect(await store.list()).toEqual([]);
    expect(await redis.keys('*')).toEqual(['{other}:access-tokens']);
  });
});

describe('an access token that has expired', () => {
  const expires = NOW + MINUTE;

  it('is still listed, and leaves its name to another one', async () => {
    const { record } = aToken('ci', { expires });
    await store.create(record);
    expect(await store.create(aToken('other', {}, expires).record)).toBe('created');
    expect(await store.read(record.id)).toEqual(record);
    expect(await store.create(aToken('ci', {}, expires - 1).record)).toBe('conflict');
    expect(await store.create(aToken('ci', {}, expires).record)).toBe('created');
    expect(await store.read(record.id)).toBeUndefined();
  });

  it('goes when it has been expired for long, and makes room', async () => {
    const { record } = aToken('ci', { expires });
    await store.create(record);
    const others = Array.from({ length: MAX_ACCESS_TOKENS - 1 }, (_, at) => aToken(`t${at}`));
    const fields = others.map((one) => [one.record.id, JSON.stringify(one.record)]);
    await redis.hset(KEY, Object.fromEntries(fields));
    const late = expires + EXPIRED_TOKEN_KEPT;
    expect(await store.create(aToken('more', {}, late - 1).record)).toBe('full');
    expect(await store.create(aToken('more', {}, late).record)).toBe('created');
    expect(await store.read(record.id)).toBeUndefined();
  });
});

describe('what is stored and is no token', () => {
  it.each([
    'hunter2',
    '[]',
    '{"name":"ci"}',
    '{"name":"ci","grants":[{"role":"root","namespace":"*"}],"created":1,"createdBy":"a","hash":"b"}',
    '{"name":"ci","grants":[null],"created":1,"createdBy":"a","hash":"b"}',
    '{"name":"ci","grants":[],"created":1,"expires":"never","createdBy":"a","hash":"b"}',
  ])('allows nothing, is named, and can be removed: %s', async (text) => {
    await redis.hset(KEY, { '0123456789ab': text });
    const damaged = {
      code: 'damaged',
      message:
        'what is stored of the access token with the id 0123456789ab cannot be read; delete it and create another one',
    };
    await expect(store.read('0123456789ab')).rejects.toMatchObject(damaged);
    await expect(store.list()).rejects.toMatchObject(damaged);
    expect(await store.create(aToken('web').record)).toBe('created');
    expect(await store.remove('0123456789ab')).toBe(true);
    expect((await store.list()).map(({ name }) => name)).toEqual(['web']);
  });
});

describe('a store without a Redis', () => {
  it('says so, without what it was asked to keep', async () => {
    await using own = await openRedisForTest();
    await using away = openAccessTokens({ url: own.url, name: 'test' });
    expect(await away.list()).toEqual([]);
    await own[Symbol.asyncDispose]();
    const { record } = aToken('ci');
    const failed = await away.create(record).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'unavailable', retryable: true });
    expect(String(failed)).toContain('the store of access tokens did not answer');
    expect(JSON.stringify(failed) + String(failed)).not.toContain(record.hash);
  });

  it('and a Redis that holds something else there is an error of another kind', async () => {
    await redis.set(KEY, 'hunter2');
    await expect(store.list()).rejects.toThrow('the store of access tokens refused: WRONGTYPE');
  });
});
