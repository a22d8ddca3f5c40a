import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PullSecret } from '@tagtrail/pull-secrets';
import { createSecretKeyFile } from '@tagtrail/secret-cipher';
import { openApiForTest } from './open-api-for-test.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** A running API that seals secrets, and what clients send it. */
export async function openSecretsForTest() {
  const opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const keyFile = join(folder, 'key');
  await createSecretKeyFile(keyFile);
  const api = opened.use(await openApiForTest({ TAGTRAIL_SECRETS_KEY_FILE: keyFile }));
  const send = (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object) =>
    api.ask(path, { method, headers: JSON_TYPE, ...(body && { body: JSON.stringify(body) }) });
  const create = (namespace: string, secret: object) => send('POST', secretPath(namespace), secret);
  return {
    keyFile,
    ask: api.ask,
    send,
    create,
    /** A secret of this name, as it was created. */
    created: async (namespace: string, name: string) =>
      (await create(namespace, secretBody(name))).answer as unknown as PullSecret,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

export type SecretsForTest = Awaited<ReturnType<typeof openSecretsForTest>>;

export function secretPath(namespace: string, name = ''): string {
  return `/api/v1/namespaces/${namespace}/secrets${name === '' ? '' : `/${name}`}`;
}

export const base64 = (text: string) => Buffer.from(text).toString('base64');

/** What `kubectl create secret docker-registry` sends, with changes. */
export function secretBody(name: string, changes: object = {}) {
  const auths = { 'quay.io': { username: 'robot', password: 'hunter2' } };
  return {
    kind: 'Secret',
    apiVersion: 'v1',
    metadata: { name, creationTimestamp: null },
    data: { '.dockerconfigjson': base64(JSON.stringify({ auths })) },
    type: 'kubernetes.io/dockerconfigjson',
    ...changes,
  };
}
