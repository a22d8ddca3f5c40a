import type { KeptToken } from '@tagtrail/registry-ledger';
import { describe, expect, it } from 'vitest';
import { TokenCache, type TokenKey } from './token-cache.ts';

const key: TokenKey = {
  realm: 'https://auth.example/token',
  service: 'registry',
  credential: 'anonymous',
  scope: 'repository:a/b:pull',
  modes: 'verified verified',
};

/** A clock and a token server that counts. */
function bench(lifetime = 100_000) {
  const clock = { now: 1_000_000 };
  const cache = new TokenCache({ limit: 10, now: () => clock.now, patience: 1_000 });
  const asked: PromiseWithResolvers<KeptToken>[] = [];
  const request = () => {
    const pending = Promise.withResolvers<KeptToken>();
    asked.push(pending);
    return pending.promise;
  };
  const grant = (index: number) =>
    asked[index]?.resolve({ value: `token-${index}`, lifetime, issuedAt: clock.now });
  return { clock, cache, asked, request, grant };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('TokenCache', () => {
  it('asks once for everybody who waits', async () => {
    const { cache, asked, request, grant } = bench();
    const waiting = Array.from({ length: 20 }, () => cache.get(key, request));
    grant(0);
    const granted = await Promise.all(waiting);
    expect(new Set(granted.map(({ value }) => value))).toEqual(new Set(['token-0']));
    expect(granted.every(({ fresh }) => fresh)).toBe(true);
    expect(asked).toHaveLength(1);
    expect(await cache.get(key, request)).toEqual({ value: 'token-0', fresh: false });
  });

  it('keeps apart repositories, credentials, services and ways', async () => {
    const { cache, asked, request } = bench();
    const others: TokenKey[] = [
      key,
      { ...key, scope: 'repository:a/c:pull' },
      { ...key, credential: 'someone' },
      { ...key, service: undefined },
      { ...key, modes: 'unverified verified' },
    ];
    for (const other of others) void cache.get(other, request);
    expect(asked).toHaveLength(others.length);
  });

  it('replaces a token in the background shortly before its end', async () => {
    const { clock, cache, asked, request, grant } = bench();
    const first = cache.get(key, request);
    grant(0);
    await first;
    clock.now += 96_000;
    expect((await cache.get(key, request)).value).toBe('token-0');
    expect((await cache.get(key, request)).value).toBe('token-0');
    expect(asked).toHaveLength(2);
    grant(1);
    await nextTurn();
    expect((await cache.get(key, request)).value).toBe('token-1');
  });

  it('serves the old token when the refresh fails, and pauses before the next try', async () => {
    const { clock, cache, asked, request, grant } = bench();
    const first = cache.get(key, request);
    grant(0);
    await first;
    clock.now += 96_000;
    await cache.get(key, request);
    asked[1]?.reject(new Error('token service is down'));
    await nextTurn();
    clock.now += 1_999;
    expect((await cache.get(key, request)).value).toBe('token-0');
    expect(asked).toHaveLength(2);
    clock.now += 1;
    await cache.get(key, request);
    expect(asked).toHaveLength(3);
  });

  it('waits for a new token once the old one has expired', async () => {
    const { clock, cache, request, grant } = bench();
    const first = cache.get(key, request);
    grant(0);
    await first;
    clock.now += 100_000;
    const second = cache.get(key, request);
    grant(1);
    expect(await second).toEqual({ value: 'token-1', fresh: true });
  });

  it('does not remember a failure', async () => {
    const { cache, asked, request, grant } = bench();
    const first = cache.get(key, request);
    asked[0]?.reject(new Error('token service is down'));
    await expect(first).rejects.toThrow('token service is down');
    const second = cache.get(key, request);
    grant(1);
    expect((await second).value).toBe('token-1');
  });

  it('forgets a refused token, but not its successor', async () => {
    const { cache, asked, request, grant } = bench();
    const first = cache.get(key, request);
    grant(0);
    await first;
    await cache.refused(key, 'token-older');
    expect((await cache.get(key, request)).value).toBe('token-0');
    await cache.refused(key, 'token-0');
    void cache.get(key, request);
    expect(asked).toHaveLength(2);
  });
});
