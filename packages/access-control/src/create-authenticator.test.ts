import { beforeEach, describe, expect, it } from 'vitest';
import type { Authenticator } from './access.ts';
import { AccessControlError } from './access-control-error.ts';
import { createAuthenticator } from './create-authenticator.ts';
import { ACCESS_FRESHNESS, OUTAGE_GRACE } from './record-cache.ts';
import { MemoryTokens } from './testing/memory-tokens.ts';
import { drawToken, formatToken } from './token-text.ts';

const API_TOKEN = 'the-token-of-the-api';

let store: MemoryTokens;
let now: number;
let authenticator: Authenticator;

beforeEach(() => {
  store = new MemoryTokens();
  now = 0;
  authenticator = createAuthenticator({ store, apiToken: API_TOKEN, now: () => now });
});

const authenticate = (token: string) => authenticator.authenticate(token);
const unavailable = expect.objectContaining({ code: 'unavailable', retryable: true });

describe('createAuthenticator', () => {
  it('knows the token of the API, which is admin everywhere, without asking the store', async () => {
    store.isAway = true;
    expect(await authenticate(API_TOKEN)).toEqual({
      name: 'admin',
      tokenId: undefined,
      grants: [{ role: 'admin', namespace: '*' }],
    });
    expect(store.reads).toBe(0);
  });

  it('knows nobody by an empty token, also when the API has none', async () => {
    const without = createAuthenticator({ store, now: () => now });
    for (const text of ['', 'undefined', API_TOKEN]) {
      expect(await without.authenticate(text)).toBeUndefined();
    }
  });

  it('knows an access token by its text, and by its id', async () => {
    const { text, record } = store.add();
    const principal = { name: 'ci', tokenId: record.id, grants: record.grants };
    expect(await authenticate(text)).toEqual(principal);
    expect(await authenticator.find(record.id)).toEqual(principal);
    expect(store.reads).toBe(1);
  });

  it('refuses the id of one token with the secret of another, or with none', async () => {
    const [one, other] = [store.add(), store.add({ name: 'other' })];
    const [, , secret = ''] = other.text.split('_');
    expect(await authenticate(formatToken({ id: one.record.id, secret }))).toBeUndefined();
    expect(await authenticate(one.record.id)).toBeUndefined();
    expect(await authenticate(one.record.hash)).toBeUndefined();
    expect(
      await authenticate(formatToken({ id: one.record.id, secret: one.record.hash })),
    ).toBeUndefined();
  });

  it('refuses what looks like no token, however long, without asking the store', async () => {
    expect(await authenticate('x'.repeat(1_000_000))).toBeUndefined();
    expect(await authenticate('tagtrail_ci_hunter2')).toBeUndefined();
    expect(store.reads).toBe(0);
  });

  it('refuses a revoked token as soon as what it knows is no longer fresh', async () => {
    const { text, record } = store.add();
    await authenticate(text);
    store.records.delete(record.id);
    now = ACCESS_FRESHNESS - 1;
    expect(await authenticate(text)).toMatchObject({ name: 'ci' });
    now = ACCESS_FRESHNESS;
    expect(await authenticate(text)).toBeUndefined();
    expect(await authenticator.find(record.id)).toBeUndefined();
  });

  it('refuses an expired token at once, however fresh', async () => {
    const { text, record } = store.add({ expires: 60_000 });
    now = 59_999;
    expect(await authenticate(text)).toMatchObject({ name: 'ci' });
    now = 60_000;
    expect(await authenticate(text)).toBeUndefined();
    expect(await authenticator.find(record.id)).toBeUndefined();
  });

  it('asks once for the many who show the same token at the same time', async () => {
    const { text } = store.add();
    const all = await Promise.all(Array.from({ length: 50 }, () => authenticate(text)));
    expect(all.every((principal) => principal?.name === 'ci')).toBe(true);
    expect(store.reads).toBe(1);
  });

  it('does not forget a token for any number of wrong ones', async () => {
    const { text } = store.add();
    await authenticate(text);
    const wrong = Array.from({ length: 5_000 }, () => formatToken(drawToken()));
    for (const one of wrong) expect(await authenticate(one)).toBeUndefined();
    const { reads } = store;
    await authenticate(wrong.at(-1) ?? '');
    expect(await authenticate(text)).toMatchObject({ name: 'ci' });
    expect(store.reads).toBe(reads);
  });
});

describe('while the store is away', () => {
  it('a token that was seen goes on working for the grace, and no longer', async () => {
    const { text, record } = store.add();
    await authenticate(text);
    store.isAway = true;
    now = ACCESS_FRESHNESS + OUTAGE_GRACE - 1;
    expect(await authenticate(text)).toMatchObject({ name: 'ci' });
    expect(await authenticator.find(record.id)).toMatchObject({ name: 'ci' });
    now = ACCESS_FRESHNESS + OUTAGE_GRACE + 5_000;
    await expect(authenticate(text)).rejects.toEqual(unavailable);
    store.isAway = false;
    expect(await authenticate(text)).toMatchObject({ name: 'ci' });
  });

  it('it is asked every few seconds, not for every request', async () => {
    const { text } = store.add();
    await authenticate(text);
    store.isAway = true;
    now = ACCESS_FRESHNESS;
    for (let at = 0; at < 10; at += 1) await authenticate(text);
    expect(store.reads).toBe(2);
    now += 5_000;
    await authenticate(text);
    expect(store.reads).toBe(3);
  });

  it('a token that was never seen is neither known nor refused', async () => {
    const { text } = store.add();
    store.isAway = true;
    await expect(authenticate(text)).rejects.toThrow(AccessControlError);
    await expect(authenticator.find('0123456789ab')).rejects.toEqual(unavailable);
  });

  it('a token expires all the same', async () => {
    const { text } = store.add({ expires: 60_000 });
    await authenticate(text);
    store.isAway = true;
    now = 60_000;
    expect(await authenticate(text)).toBeUndefined();
  });

  it('a wrong secret is refused all the same', async () => {
    const { text, record } = store.add();
    await authenticate(text);
    store.isAway = true;
    now = ACCESS_FRESHNESS;
    const { secret } = drawToken();
    expect(await authenticate(formatToken({ id: record.id, secret }))).toBeUndefined();
  });
});

it('a record that cannot be read is an error at once, not a token of before', async () => {
  const { text } = store.add();
  await authenticate(text);
  now = ACCESS_FRESHNESS;
  const damaged = new AccessControlError('damaged', 'what is stored cannot be read');
  store.read = () => Promise.reject(damaged);
  await expect(authenticate(text)).rejects.toBe(damaged);
});
