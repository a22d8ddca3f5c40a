import { describe, expect, it } from 'vitest';
import { decodePullSecret, type SecretDraft } from './decode-pull-secret.ts';
import type { PullSecret } from './pull-secret.ts';
import { aSecretBody } from './testing/a-secret-body.ts';
import { createPullSecret, replacePullSecret, type SecretWrite } from './write-pull-secret.ts';

const context = { namespace: 'shop', uid: 'u-1', now: Date.parse('2026-01-02T03:04:05.678Z') };

function draftOf(changes: Readonly<Record<string, unknown>> = {}): SecretDraft {
  const decoded = decodePullSecret(aSecretBody(changes));
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.causes));
  return decoded.draft;
}

function secretOf(write: SecretWrite): PullSecret {
  if (!write.ok) throw new Error(JSON.stringify(write.causes));
  return write.secret;
}

function causesOf(write: SecretWrite): readonly string[] {
  return write.ok ? [] : write.causes.map(({ field, message }) => `${field}: ${message}`);
}

const created = (changes?: Readonly<Record<string, unknown>>) =>
  createPullSecret(draftOf(changes), context);

describe('createPullSecret', () => {
  it('gives the secret its identity', () => {
    const metadata = {
      name: 'regcred',
      uid: 'mine',
      resourceVersion: '7',
      labels: { app: 'shop' },
    };
    expect(secretOf(created({ metadata }))).toEqual({
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: {
        name: 'regcred',
        namespace: 'shop',
        uid: 'u-1',
        creationTimestamp: '2026-01-02T03:04:05Z',
        labels: { app: 'shop' },
      },
      type: 'kubernetes.io/dockerconfigjson',
      data: aSecretBody().data,
    });
  });

  it.each([
    [
      'no name',
      { metadata: {} },
      'metadata.name: Required value: name or generateName is required',
    ],
    [
      'a name in capitals',
      { metadata: { name: 'Reg' } },
      'metadata.name: Invalid value: "Reg": a low',
    ],
    [
      'a strange label',
      { metadata: { name: 'a', labels: { 'a b': '' } } },
      'metadata.labels: Invalid',
    ],
    [
      'no type',
      { type: '' },
      'type: Unsupported value: "Opaque": supported values: "kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg"',
    ],
    [
      'another type',
      { type: 'kubernetes.io/tls' },
      'type: Unsupported value: "kubernetes.io/tls": s',
    ],
    [
      'a type of all objects',
      { type: 'toString' },
      'type: Unsupported value: "toString": supported',
    ],
    ['nothing in it', { data: {} }, 'data[.dockerconfigjson]: Required value'],
    [
      'the key of the other type',
      { type: 'kubernetes.io/dockercfg' },
      'data[.dockercfg]: Required value',
    ],
    [
      'a strange key',
      { data: { '.dockerconfigjson': '', 'a b': '' } },
      "data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
    ],
    [
      'a key that leads up',
      { data: { '.dockerconfigjson': '', '..': '' } },
      "data[..]: Invalid value: \"..\": must not be '.' and not start with '..'",
    ],
    [
      'too much in it',
      { data: { '.dockerconfigjson': 'A'.repeat(4 * 2 ** 19) } },
      'data: Too long: may not be more than 1048576 bytes',
    ],
  ])('refuses a secret with %s', (_, changes, cause) => {
    expect(causesOf(created(changes))).toEqual([expect.stringContaining(cause)]);
  });

  it('takes a megabyte, not a byte more', () => {
    const most = Buffer.alloc(2 ** 20).toString('base64');
    expect(created({ data: { '.dockerconfigjson': most } }).ok).toBe(true);
    expect(created({ data: { '.dockerconfigjson': most, a: 'YQ==' } }).ok).toBe(false);
  });
});

describe('replacePullSecret', () => {
  const current = secretOf(created());
  const locked = secretOf(created({ immutable: true }));

  it('keeps identity and type, and takes everything else', () => {
    const metadata = { name: 'regcred', labels: { app: 'shop' } };
    const data = { '.dockerconfigjson': 'e30=' };
    const replaced = secretOf(replacePullSecret(current, draftOf({ metadata, data, type: '' })));
    expect(replaced).toEqual({
      ...current,
      metadata: { ...current.metadata, labels: { app: 'shop' } },
      data,
    });
  });

  it('does not change the type', () => {
    const data = { '.dockercfg': 'e30=' };
    const draft = draftOf({ type: 'kubernetes.io/dockercfg', data });
    expect(causesOf(replacePullSecret(current, draft))).toEqual([
      'type: Invalid value: "kubernetes.io/dockercfg": field is immutable',
    ]);
  });

  it('locks a secret, and unlocks none', () => {
    expect(secretOf(replacePullSecret(current, draftOf({ immutable: true }))).immutable).toBe(true);
    expect(causesOf(replacePullSecret(locked, draftOf()))).toEqual([
      'immutable: Forbidden: field is immutable when `immutable` is set',
    ]);
  });

  it('changes no value of a locked secret, but its labels', () => {
    const same = draftOf({ immutable: true, metadata: { name: 'regcred', labels: { a: 'b' } } });
    expect(secretOf(replacePullSecret(locked, same)).metadata.labels).toEqual({ a: 'b' });
    const other = draftOf({ immutable: true, data: { '.dockerconfigjson': 'e30=' } });
    expect(causesOf(replacePullSecret(locked, other))).toEqual([
      'data: Forbidden: field is immutable when `immutable` is set',
    ]);
  });
});
