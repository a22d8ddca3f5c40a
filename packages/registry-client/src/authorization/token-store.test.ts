import type { KeptToken, TokenStore, TokenTurn } from '@tagtrail/registry-ledger';
import { describe, expect, it } from 'vitest';
import { TokenCache, type TokenKey } from './token-cache.ts';

const key: TokenKey = {
  realm: 'https://auth.example/token',
  service: 'registry',
  credential: 'anonymous',
  scope: 'repository:a/b:pull',
  modes: 'verified verified',
};
const token = (value: string, issuedAt = 0): KeptToken => ({ value, lifetime: 100_000, issuedAt });

/** A store in memory that keeps the port's promises. */
class SharedShelf implements TokenStore {
  readonly tokens = new Map<string, KeptToken>();
  readonly asking = new Set<string>();
  turns = 0;

  async turn(id: string, stale: KeptToken | undefined): Promise<TokenTurn> {
    this.turns += 1;
    const kept = this.tokens.get(id);
    if (kept !== undefined && kept.value !== stale?.value) return { kind: 'kept', token: kept };
    if (this.asking.has(id)) return { kind: 'wait' };
    this.asking.add(id);
    return { kind: 'ask' };
  }
  async keep(id: string, kept: KeptToken): Promise<void> {
    this.tokens.set(id, kept);
    this.asking.delete(id);
  }
  async giveUp(id: string): Promise<void> {
    this.asking.delete(id);
  }
  async refused(id: string, value: string): Promise<void> {
    if (this.tokens.get(id)?.value === value) this.tokens.delete(id);
  }
}

function processes(count: number, patience = 5_000) {
  const shelf = new SharedShelf();
  const clock = { now: 0 };
  const caches = Array.from(
    { length: count },
    () => new TokenCache({ limit: 10, now: () => clock.now, patience, store: shelf }),
  );
  let asked = 0;
  const request = async () => {
    asked += 1;
    return token(`token-${asked}`, clock.now);
  };
  return { shelf, clock, caches, request, asked: () => asked };
}

describe('a token that several processes need', () => {
  it('is asked for by one of them', async () => {
    const { caches, request, asked } = processes(4);
    const all = caches.flatMap((cache) => [cache.get(key, request), cache.get(key, request)]);
    const values = (await Promise.all(all)).map(({ value }) => value);
    expect(new Set(values)).toEqual(new Set(['token-1']));
    expect(asked()).toBe(1);
  });

  it('is not fresh to those who did not ask for it: a refusal may be a matter of its age', async () => {
    const { caches, request } = processes(2);
    expect(await caches[0]?.get(key, request)).toEqual({ value: 'token-1', fresh: true });
    expect(await caches[1]?.get(key, request)).toEqual({ value: 'token-1', fresh: false });
  });

  it('is replaced by one of them before its end, and the others take the new one', async () => {
    const { caches, clock, request, asked } = processes(3);
    for (const cache of caches) await cache.get(key, request);
    clock.now = 97_000;
    for (const cache of caches) {
      await cache.get(key, request);
      await new Promise((resolve) => setImmediate(resolve));
    }
    clock.now = 99_999;
    for (const cache of caches) expect((await cache.get(key, request)).value).toBe('token-2');
    expect(asked()).toBe(2);
  });

  it('is asked for anew by one of them when the registry refuses it', async () => {
    const { caches, request, asked } = processes(2);
    for (const cache of caches) await cache.get(key, request);
    for (const cache of caches) await cache.refused(key, 'token-1');
    for (const cache of caches) await cache.get(key, request);
    expect(asked()).toBe(2);
  });

  it('is asked for by the next one when the first fails', async () => {
    const { caches, request, shelf } = processes(2);
    const down = () => Promise.reject(new Error('token service is down'));
    await expect(caches[0]?.get(key, down)).rejects.toThrow('token service is down');
    expect(shelf.asking.size).toBe(0);
    expect((await caches[1]?.get(key, request))?.value).toBe('token-1');
  });

  it('is asked for by whoever has waited too long for another', async () => {
    const { caches, shelf, request } = processes(1, 60);
    await shelf.turn(
      JSON.stringify(['verified verified', key.realm, 'registry', 'anonymous', key.scope]),
      undefined,
    );
    expect((await caches[0]?.get(key, request))?.value).toBe('token-1');
    expect(shelf.turns).toBeGreaterThan(2);
  });
});

it('is given up before the cache is let go, so that nobody waits for a process that stops', async () => {
  const { caches, shelf } = processes(1);
  const pending = Promise.withResolvers<KeptToken>();
  const asked = caches[0]?.get(key, () => pending.promise).catch(() => undefined);
  await expect.poll(() => shelf.asking.size).toBe(1);
  pending.reject(new Error('stopped'));
  await caches[0]?.settled();
  expect(shelf.asking.size).toBe(0);
  await asked;
});
