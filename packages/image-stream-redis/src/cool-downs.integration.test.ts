import type { CoolDowns, HostCoolDown } from '@tagtrail/image-stream';
import { openGuardedRedis } from '@tagtrail/redis-connection';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCoolDowns } from './cool-downs.ts';
import { recordKeys } from './keys.ts';
import { MAX_COOL_DOWNS } from './limits.ts';
import { openStoreForTest } from './testing/open-store-for-test.ts';

const reason = 'it answered 429 Too Many Requests';
const asked = { reason, retryAfter: 600_000 };
const KEY = '{tagtrail}:cool-downs';

let store: Awaited<ReturnType<typeof openStoreForTest>>;
let opened: AsyncDisposable[];
beforeEach(async () => {
  store = await openStoreForTest();
  opened = [];
});
afterEach(async () => {
  for (const one of opened.toReversed()) await one[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
});

/** Another process. */
async function openProcess(now?: () => number) {
  const guarded = openGuardedRedis({ url: store.url, name: 'test-process' });
  const keys = recordKeys('tagtrail');
  const coolDowns = await openCoolDowns({ guarded, keys, url: store.url, ...(now && { now }) });
  opened.push(guarded, coolDowns);
  return coolDowns;
}

/** The next cool-down that a process hears of. */
function heard(coolDowns: CoolDowns): Promise<HostCoolDown> {
  return new Promise((resolve) => {
    const stop = coolDowns.onBegun((begun) => {
      stop();
      resolve(begun);
    });
  });
}

/** Until the script of a `begin` has run. */
async function kept(host: string): Promise<void> {
  while ((await store.redis.hexists(KEY, host)) === 0) await store.redis.ping();
}

describe('cool-downs', () => {
  it('are known at once to whoever begins them, and to all others by the channel', async () => {
    const [one, two] = [await openProcess(), await openProcess()];
    const news = heard(two);
    one.begin('quay.io', asked);
    expect(one.of('quay.io')).toMatchObject({ reason, strikes: 0 });
    expect(await news).toEqual({ host: 'quay.io', ...one.of('quay.io') });
    expect(two.of('quay.io')).toEqual(one.of('quay.io'));
    expect(two.of('docker.io')).toBeUndefined();
  });

  it('are known to a process that starts later', async () => {
    const one = await openProcess();
    one.begin('quay.io', asked);
    await kept('quay.io');
    expect((await openProcess()).of('quay.io')).toEqual(one.of('quay.io'));
  });

  it('that began while the connection was away are known when it is back', async () => {
    const one = await openProcess();
    const two = await openProcess();
    const until = Date.now() + 600_000;
    const news = heard(two);
    await store.redis
      .multi()
      .hset(KEY, 'quay.io', `${until} 0 ${reason}`)
      .call('CLIENT', 'KILL', 'TYPE', 'pubsub')
      .exec();
    expect(await news).toEqual({ host: 'quay.io', until, strikes: 0, reason });
    // And the channel works again, for both of them.
    await expect.poll(() => one.of('quay.io')).toBeDefined();
    const told = heard(one);
    two.begin('docker.io', asked);
    expect((await told).host).toBe('docker.io');
  });

  it('are no news when they grow by less than a second, and are when they grow by more', async () => {
    const now = Date.now();
    let later = 0;
    const one = await openProcess(() => now + later);
    const ends: number[] = [];
    one.onBegun(({ until }) => ends.push(until - now));
    for (later of [0, 5, 999, 5_000]) one.begin('quay.io', asked);
    expect(ends).toEqual([600_000, 605_000]);
    expect(one.of('quay.io')?.until).toBe(now + 605_000);
  });

  it('end by themselves, and are never shortened by anybody', async () => {
    let now = Date.now();
    const one = await openProcess(() => now);
    const two = await openProcess(() => now);
    const news = heard(two);
    one.begin('quay.io', asked);
    const { until } = await news;
    two.begin('quay.io', { reason, retryAfter: 2_000 });
    expect(two.of('quay.io')?.until).toBe(until);
    now = until;
    expect([one.of('quay.io'), two.of('quay.io')]).toEqual([undefined, undefined]);
  });

  it('without a word grow with each in a row, whichever process heard it', async () => {
    let now = Date.now();
    const one = await openProcess(() => now);
    const two = await openProcess(() => now);
    const first = heard(two);
    one.begin('quay.io', { reason });
    now = (await first).until;
    const second = heard(one);
    two.begin('quay.io', { reason });
    expect(await second).toMatchObject({ until: now + 60_000, strikes: 2 });
  });

  it('are pruned when they are forgotten, and no more than a thousand', async () => {
    const now = Date.now();
    const fields: string[] = ['old.example', `${now - 3_600_001} 3 ${reason}`];
    for (let at = 0; at < MAX_COOL_DOWNS; at += 1) {
      fields.push(`r${at}.example`, `${now + 10_000 + at} 0 ${reason}`);
    }
    await store.redis.hset(KEY, ...fields);
    const one = await openProcess();
    one.begin('quay.io', asked);
    await kept('quay.io');
    expect(await store.redis.hlen(KEY)).toBe(MAX_COOL_DOWNS);
    expect(await store.redis.hexists(KEY, 'old.example')).toBe(0);
    expect(await store.redis.hexists(KEY, 'r0.example')).toBe(0);
  });

  it('are kept when they have just begun, however many longer ones there are', async () => {
    const fields: string[] = [];
    for (let at = 0; at < MAX_COOL_DOWNS; at += 1) {
      fields.push(`evil.example:${at}`, `${Date.now() + 3_000_000} 0 ${reason}`);
    }
    await store.redis.hset(KEY, ...fields);
    const one = await openProcess();
    one.begin('ghcr.io', { reason, retryAfter: 600_000 });
    await kept('ghcr.io');
    expect(one.of('ghcr.io')).toBeDefined();
  });

  it('of a process whose clock is wrong last for an hour at most', async () => {
    const now = Date.now();
    await store.redis.hset(KEY, 'quay.io', `${now + 30 * 86_400_000} 0 ${reason}`);
    const one = await openProcess(() => now);
    expect(one.of('quay.io')?.until).toBe(now + 3_600_000);
  });

  it('that cannot be read do not keep anybody from the others', async () => {
    const until = Date.now() + 5_000;
    await store.redis.hset(KEY, 'damaged.example', 'soon', 'quay.io', `${until} 0 ${reason}`);
    const one = await openProcess();
    expect(one.of('quay.io')?.until).toBe(until);
    expect(one.of('damaged.example')).toBeUndefined();
    const news = heard(one);
    await store.redis.publish(KEY, 'scribble');
    await store.redis.publish(KEY, `docker.io ${until} 0 ${reason}`);
    expect((await news).host).toBe('docker.io');
  });
});
