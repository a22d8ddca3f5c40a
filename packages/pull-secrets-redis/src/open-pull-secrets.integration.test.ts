import { randomBytes } from 'node:crypto';
import {
  MAX_SECRETS_PER_NAMESPACE,
  type PullSecret,
  type PullSecretStore,
  type SecretWriteResult,
} from '@tagtrail/pull-secrets';
import { createSecretCipher } from '@tagtrail/secret-cipher';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedRedis, openRedisForTest } from '../../embedded-redis/src/index.ts';
import { openPullSecrets } from './open-pull-secrets.ts';
import { aSecret } from './testing/a-secret.ts';

const cipher = createSecretCipher(randomBytes(32));
const opened = new AsyncDisposableStack();
let server: EmbeddedRedis;
let redis: Redis;
let store: PullSecretStore;

const open = (withCipher: typeof cipher | undefined) =>
  opened.use(openPullSecrets({ url: server.url, name: 'test', cipher: withCipher }));

beforeAll(async () => {
  server = opened.use(await openRedisForTest());
  redis = new Redis(server.url);
  opened.defer(() => redis.disconnect());
  store = open(cipher);
});
afterEach(() => redis.flushall());
afterAll(() => opened.disposeAsync());

function written(result: SecretWriteResult): PullSecret {
  if (result.kind !== 'written') throw new Error(result.kind);
  return result.secret;
}

const versionOf = ({ metadata }: PullSecret) => metadata.resourceVersion ?? '';

describe('a secret', () => {
  it('comes back as it was written, with the version of its write', async () => {
    const secret = written(await store.create(aSecret('regcred')));
    expect(secret.metadata.resourceVersion).toBe('1');
    const stored = await store.read({ namespace: 'shop', name: 'regcred' });
    expect(stored).toMatchObject({ uid: 'uid-of-regcred', resourceVersion: '1' });
    expect(stored?.open()).toEqual(secret);
    expect(await store.read({ namespace: 'shop', name: 'other' })).toBeUndefined();
  });

  it('is created once', async () => {
    await store.create(aSecret('regcred'));
    expect(await store.create(aSecret('regcred'))).toEqual({ kind: 'conflict' });
  });

  it('is replaced only by who saw the newest version', async () => {
    const first = written(await store.create(aSecret('regcred')));
    const labelled = { ...first, metadata: { ...first.metadata, labels: { a: 'b' } } };
    const second = written(await store.replace(labelled, versionOf(first)));
    expect(second.metadata).toMatchObject({ resourceVersion: '2', labels: { a: 'b' } });
    expect(await store.replace(first, versionOf(first))).toEqual({ kind: 'conflict' });
    expect(await store.replace(aSecret('other'), '1')).toEqual({ kind: 'conflict' });
  });

  it('is deleted only by who saw the newest version', async () => {
    const key = { namespace: 'shop', name: 'regcred' };
    const resourceVersion = versionOf(written(await store.create(aSecret('regcred'))));
    expect(await store.delete({ ...key, resourceVersion: '7' })).toBe(false);
    expect(await store.delete({ ...key, resourceVersion })).toBe(true);
    expect(await store.delete({ ...key, resourceVersion })).toBe(false);
    expect(await redis.keys('*secret-namespaces')).toEqual([]);
    const again = written(await store.create(aSecret('regcred')));
    expect(again.metadata.resourceVersion).toBe('3');
  });

  it('is sealed whole: neither values nor labels stand in Redis', async () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': 'hunter2' };
    const secret = aSecret('regcred', { annotations, labels: { team: 'hunter2' } });
    await store.create(secret);
    const kept = JSON.stringify(await redis.hgetall('{tagtrail}:secrets:shop'));
    expect(kept).toContain('uid-of-regcred');
    expect(kept).not.toContain('hunter2');
    expect(kept).not.toContain(secret.data['.dockerconfigjson']);
  });
});

describe('a secret that cannot be opened', () => {
  const key = { namespace: 'shop', name: 'regcred' };
  const named = 'secret "regcred" of namespace "shop" cannot be opened: ';

  it('is named with the keys of both sides, and can be deleted', async () => {
    await store.create(aSecret('regcred'));
    const stranger = open(createSecretCipher(randomBytes(32)));
    const stored = await stranger.read(key);
    expect(() => stored?.open()).toThrow(
      expect.objectContaining({
        code: 'not-openable',
        message: expect.stringMatching(
          new RegExp(
            `^${named}it was sealed with another key, [0-9a-f]{8}; known here: [0-9a-f]{8}$`,
          ),
        ),
      }),
    );
    expect(await stranger.delete({ ...key, resourceVersion: '1' })).toBe(true);
  });

  it('was moved from another name, or is not sealed at all', async () => {
    await store.create(aSecret('other'));
    const moved = (await redis.hget('{tagtrail}:secrets:shop', 'other')) ?? '';
    await redis.hset('{tagtrail}:secrets:shop', { regcred: moved, worse: 'hunter2' });
    const { secrets } = await store.readNamespace('shop');
    expect(secrets.map(({ name, resourceVersion }) => [name, resourceVersion])).toEqual([
      ['other', '1'],
      ['regcred', '1'],
      ['worse', '0'],
    ]);
    expect(() => secrets[1]?.open()).toThrow(`${named}it was changed, or sealed for another place`);
    expect(() => secrets[2]?.open()).toThrow(
      '"worse" of namespace "shop" cannot be opened: it is not',
    );
    expect(await store.create(aSecret('worse'))).toEqual({ kind: 'conflict' });
    expect(await store.delete({ namespace: 'shop', name: 'worse', resourceVersion: '0' })).toBe(
      true,
    );
  });

  it('needs a key that the process was not given', async () => {
    await store.create(aSecret('regcred'));
    const keyless = open(undefined);
    const stored = await keyless.read(key);
    const error = {
      code: 'no-key',
      message: `${named}this process was given no key (secrets.keyFile)`,
    };
    expect(() => stored?.open()).toThrow(expect.objectContaining(error));
    await expect(keyless.create(aSecret('other'))).rejects.toMatchObject({
      code: 'no-key',
      message:
        'secret "other" of namespace "shop" cannot be sealed: this process was given no key (secrets.keyFile)',
    });
    expect(await keyless.delete({ ...key, resourceVersion: '1' })).toBe(true);
  });
});

describe('lists', () => {
  const names = (secrets: readonly { namespace: string; name: string }[]) =>
    secrets.map(({ namespace, name }) => `${namespace}/${name}`);

  it('go by namespaces and names, page by page', async () => {
    const all = ['a/x', 'a/y', 'a-b/x', 'b/w', 'b/x', 'b/y'].sort();
    for (const one of all.toReversed()) {
      const [namespace = '', name = ''] = one.split('/');
      await store.create(aSecret(name, { namespace }));
    }
    const everything = await store.list({ limit: 10 });
    expect(names(everything.secrets)).toEqual(['a/x', 'a/y', 'a-b/x', 'b/w', 'b/x', 'b/y']);
    expect(everything).toMatchObject({ resourceVersion: '6', more: false });
    const first = await store.list({ limit: 4 });
    expect([names(first.secrets), first.more]).toEqual([['a/x', 'a/y', 'a-b/x', 'b/w'], true]);
    const rest = await store.list({ limit: 4, after: { namespace: 'b', name: 'w' } });
    expect([names(rest.secrets), rest.more]).toEqual([['b/x', 'b/y'], false]);
    expect(names((await store.readNamespace('b')).secrets)).toEqual(['b/w', 'b/x', 'b/y']);
  });

  it('reach beyond the namespaces that are read at once', async () => {
    for (let index = 0; index < 120; index += 1) {
      const namespace = `n${String(index).padStart(3, '0')}`;
      await store.create(aSecret('regcred', { namespace }));
    }
    const { secrets, more } = await store.list({ limit: 500 });
    expect([secrets.length, more]).toEqual([120, false]);
    const page = await store.list({ limit: 100 });
    expect([page.secrets.at(-1)?.namespace, page.more]).toEqual(['n099', true]);
  });
});

describe('a namespace', () => {
  it('holds so many secrets and no more', async () => {
    for (let index = 0; index < MAX_SECRETS_PER_NAMESPACE; index += 1) {
      written(await store.create(aSecret(`s${index}`)));
    }
    expect(await store.create(aSecret('one-more'))).toEqual({ kind: 'full' });
    expect((await store.replace(aSecret('s0'), '1')).kind).toBe('written');
    expect((await store.create(aSecret('s0', { namespace: 'other' }))).kind).toBe('written');
  });

  it('holds so many bytes and no more', async () => {
    const big = { '.dockerconfigjson': 'A'.repeat(1024 * 1024) };
    const results = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => store.create({ ...aSecret(name), data: big })),
    );
    expect(results.map(({ kind }) => kind)).toEqual(['written', 'written', 'full', 'full']);
  });
});

describe('a store without Redis', () => {
  it('says that it does not answer', async () => {
    const gone = openPullSecrets({ url: 'redis://127.0.0.1:1', name: 'test', cipher });
    const failing = expect(gone.readNamespace('shop')).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
      message: 'the store of secrets did not answer: the Redis connection was closed',
    });
    await gone[Symbol.asyncDispose]();
    await failing;
  });

  it('repeats nothing of what Redis refused', async () => {
    await redis.set('{tagtrail}:secrets:shop', 'no hash');
    const writing = store.create(aSecret('regcred'));
    await expect(writing).rejects.toThrow(/^the store of secrets refused: /);
    await expect(writing).rejects.not.toHaveProperty('command');
  });
});
