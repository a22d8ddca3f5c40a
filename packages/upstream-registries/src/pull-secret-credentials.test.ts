import { type PullSecret, PullSecretStoreError, type StoredSecret } from '@tagtrail/pull-secrets';
import type { Credential } from '@tagtrail/registry-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Lookup, PullSecretCredentials } from './pull-secret-credentials.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const job: Lookup = { key: { namespace: 'demo' } };
const requested = { ...job, request: { id: 'r', replyTo: 'api', slot: 0 } };
const operatorOnly: Credential = { name: 'the operator', username: 'op', password: 'op' };

let kept: StoredSecret[];
let warnings: unknown[];
let reads: number;
let clock: number;
let credentials: PullSecretCredentials;

beforeEach(() => {
  kept = [];
  warnings = [];
  reads = 0;
  clock = 0;
  credentials = new PullSecretCredentials({
    secrets: {
      readNamespace: async () => {
        reads += 1;
        return { resourceVersion: '1', secrets: [...kept] };
      },
    },
    operator: (registry) => (registry === 'quay.io' ? [operatorOnly] : []),
    logger: { warn: (...words: unknown[]) => void warnings.push(words) },
    now: () => clock,
  });
});

/** A stored secret with an account per key; `opened` counts how often it is opened. */
function aSecret(name: string, keys: readonly string[], resourceVersion = '1') {
  const auths = Object.fromEntries(
    keys.map((key) => [key, { username: name, password: `${name} at ${key}` }]),
  );
  const stored = {
    ...{ namespace: 'demo', name, uid: `uid-${name}`, resourceVersion },
    opened: 0,
    open: (): PullSecret => {
      stored.opened += 1;
      return {
        kind: 'Secret',
        apiVersion: 'v1',
        metadata: { name, namespace: 'demo' },
        type: 'kubernetes.io/dockerconfigjson',
        data: { '.dockerconfigjson': base64(JSON.stringify({ auths })) },
      };
    },
  };
  return stored;
}

async function shown(registry: string, repository: string, of = job) {
  const lookup = await credentials.lookupFor(of);
  const found = (await lookup?.(registry, repository)) ?? [];
  return found.map(({ name, password }) => `${name}: ${password}`);
}

describe('the credentials of a namespace', () => {
  it('are tried by secret name, the closest match of each first, then those of the operator', async () => {
    kept = [aSecret('a', ['quay.io', 'quay.io/acme']), aSecret('b', ['quay.io/acme/app'])];
    expect(await shown('quay.io', 'acme/app')).toEqual([
      'secret "a": a at quay.io/acme',
      'secret "a": a at quay.io',
      'secret "b": b at quay.io/acme/app',
      'the operator: op',
    ]);
    expect(await shown('ghcr.io', 'acme/app')).toEqual([]);
  });

  it('are those of everybody when it has no secrets', async () => {
    expect(await credentials.lookupFor(job)).toBeUndefined();
  });

  it('may be those of an old file', async () => {
    const open = (): PullSecret => ({
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { name: 'old' },
      type: 'kubernetes.io/dockercfg',
      data: { '.dockercfg': base64('{"quay.io":{"username":"u","password":"p"}}') },
    });
    kept = [{ ...aSecret('old', []), open }];
    expect(await shown('quay.io', 'acme/app')).toEqual(['secret "old": p', 'the operator: op']);
  });

  it('are read once for the scheduled looks of ten seconds, and anew for who waits', async () => {
    expect(await shown('quay.io', 'acme/app')).toEqual([]);
    kept = [aSecret('a', ['quay.io'])];
    clock = 9_999;
    expect(await shown('quay.io', 'acme/app')).toEqual([]);
    expect(await shown('quay.io', 'acme/app', requested)).toHaveLength(2);
    expect(await shown('quay.io', 'acme/app')).toHaveLength(2);
    expect(reads).toBe(2);
    clock = 19_999;
    await credentials.lookupFor(job);
    expect(reads).toBe(3);
  });

  it('are opened once per version, and are then the same objects', async () => {
    const first = aSecret('a', ['quay.io']);
    kept = [first];
    const [one] = (await (await credentials.lookupFor(requested))?.('quay.io')) ?? [];
    const [same] = (await (await credentials.lookupFor(requested))?.('quay.io')) ?? [];
    expect(first.opened).toBe(1);
    expect(same).toBe(one);
    kept = [aSecret('a', ['quay.io'], '2')];
    const [other] = (await (await credentials.lookupFor(requested))?.('quay.io')) ?? [];
    expect(other).not.toBe(one);
  });

  it('are kept of so many namespaces only', async () => {
    for (let index = 0; index <= 1_000; index += 1) {
      await credentials.lookupFor({ key: { ...job.key, namespace: `n${index}` } });
    }
    expect(reads).toBe(1_001);
    await credentials.lookupFor({ key: { ...job.key, namespace: 'n1000' } });
    expect(reads).toBe(1_001);
    await credentials.lookupFor({ key: { namespace: 'n0' } });
    expect(reads).toBe(1_002);
  });
});

describe('a secret that cannot be used', () => {
  const problem = 'secret "bad" of namespace "demo" cannot be opened: it was changed';

  it('is named in the log, once, and the others count', async () => {
    const open = () => {
      throw new PullSecretStoreError('not-openable', problem);
    };
    kept = [{ ...aSecret('bad', []), open }, aSecret('good', ['quay.io'])];
    expect(await shown('quay.io', 'acme/app', requested)).toHaveLength(2);
    expect(await shown('quay.io', 'acme/app', requested)).toHaveLength(2);
    const what = 'a secret with credentials cannot be used; imports go on without it';
    expect(warnings).toEqual([[{ namespace: 'demo', secret: 'bad', problem }, what]]);
  });

  it.each([
    ['//79', 'not text in UTF-8'],
    [base64('"hunter2"'), 'not a JSON object'],
  ])('may hold something else: %s', async (value, told) => {
    const bad = aSecret('bad', []);
    const data = { '.dockerconfigjson': value };
    kept = [{ ...bad, open: () => ({ ...bad.open(), data }) }];
    expect(await credentials.lookupFor(job)).toBeUndefined();
    expect(warnings).toEqual([[expect.objectContaining({ problem: told }), expect.any(String)]]);
  });
});

describe('while Redis is away', () => {
  it('a look fails rather than go without them, and the next one asks again', async () => {
    let isAway = true;
    const failing = new PullSecretCredentials({
      secrets: {
        readNamespace: async () => {
          if (isAway) throw new PullSecretStoreError('unavailable', 'away');
          return { resourceVersion: '1', secrets: [aSecret('a', ['quay.io'])] };
        },
      },
      operator: () => [],
      logger: { warn: () => undefined },
      now: () => 0,
    });
    await expect(failing.lookupFor(job)).rejects.toMatchObject({ retryable: true });
    isAway = false;
    expect(await failing.lookupFor(job)).toBeDefined();
  });
});
