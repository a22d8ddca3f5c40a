import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { openPullSecrets } from '@tagtrail/pull-secrets-redis';
import { createSecretCipher } from '@tagtrail/secret-cipher';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApiForTest } from '../testing/open-api-for-test.ts';
import {
  base64,
  openSecretsForTest,
  type SecretsForTest,
  secretBody,
  secretPath,
} from '../testing/open-secrets-for-test.ts';

let api: SecretsForTest;

beforeAll(async () => {
  api = await openSecretsForTest();
});
afterAll(() => api[Symbol.asyncDispose]());

describe('a secret that can not be written is refused without its values', () => {
  const file = (text: string) => ({ data: { '.dockerconfigjson': base64(text) } });
  const about = (text: string) =>
    `Secret "bad" is invalid: data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": ${text}`;

  it.each<[message: string, code: number, changes: object]>([
    [about('not a JSON object'), 422, file('{"auths": hunter2')],
    [
      about('auths key "a b" names no registry'),
      422,
      file('{"auths":{"a b":{"auth":"hunter2="}}}'),
    ],
    [
      about('auths["quay.io"].auth is not base64 of user:password'),
      422,
      file('{"auths":{"quay.io":{"auth":"hunter2!"}}}'),
    ],
    [about('must be text in UTF-8'), 422, { data: { '.dockerconfigjson': '//79' } }],
    [
      'Secret "bad" is invalid: data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": must be base64; stringData takes text in clear',
      422,
      { data: { '.dockerconfigjson': 'hunter2!' } },
    ],
    [
      'Secret "bad" is invalid: type: Unsupported value: "Opaque": supported values: "kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg"',
      422,
      { type: 'Opaque' },
    ],
    [
      'Secret "" is invalid: metadata.generateName: Forbidden: generateName is not supported, give the secret a name',
      422,
      { metadata: { generateName: 'bad-' } },
    ],
    [
      'the namespace of the provided object (other) does not match the namespace sent on the request (bad)',
      400,
      { metadata: { name: 'bad', namespace: 'other' } },
    ],
    [
      'resourceVersion should not be set on objects to be created',
      400,
      { metadata: { name: 'bad', resourceVersion: '7' } },
    ],
  ])('%s', async (message, code, changes) => {
    const refused = await api.create('bad', secretBody('bad', changes));
    expect([refused.code, refused.answer['message']]).toEqual([code, message]);
    expect(JSON.stringify(refused.answer)).not.toContain('hunter2');
  });

  it('and so is one of another name, or in a namespace that can not be', async () => {
    await api.created('named', 'regcred');
    const path = secretPath('named', 'regcred');
    expect((await api.send('PUT', path, secretBody('other'))).answer['message']).toBe(
      'the name of the object (other) does not match the name on the URL (regcred)',
    );
    expect((await api.send('PUT', path, secretBody(''))).answer['message']).toBe(
      'name must be provided',
    );
    expect((await api.create('No', secretBody('regcred'))).code).toBe(404);
  });

  it.each([
    '{"auths":{}}',
    '{}',
    '{"auths":{"a.example.com":{}},"credsStore":"desktop"}',
    '{"auths":{"a.example.com":{"username":"hunter2"}}}',
  ])('and so is one that holds nothing to show: %s', async (text) => {
    const data = { '.dockerconfigjson': Buffer.from(text).toString('base64') };
    const refused = await api.create('empty', secretBody('empty', { data }));
    expect(refused.code).toBe(422);
    expect(refused.answer['message']).toContain(
      'holds no account with a password, and no token; what credsStore or credHelpers keep is not in it',
    );
    expect(JSON.stringify(refused.answer)).not.toContain('hunter2');
  });

  it('and so is one too many', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `s${index}`);
    await Promise.all(names.map((name) => api.created('full', name)));
    expect(await api.create('full', secretBody('s100'))).toMatchObject({
      code: 403,
      answer: {
        message:
          'secrets "s100" is forbidden: exceeded quota: namespace full may hold 100 secrets, 4194304 bytes together',
      },
    });
  });
});

describe('an API with the wrong key or none', () => {
  it('names what it can not open, and still deletes it', async () => {
    await using other = await openApiForTest({ TAGTRAIL_SECRETS_KEY_FILE: api.keyFile });
    const { url } = other.redis;
    const cipher = createSecretCipher(randomBytes(32));
    await using stranger = openPullSecrets({ url, name: 'test', cipher });
    await stranger.create({
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { name: 'regcred', namespace: 'shop', uid: 'u-1' },
      type: 'kubernetes.io/dockerconfigjson',
      data: {},
    });
    const message = expect.stringMatching(
      /^Internal error occurred: secret "regcred" of namespace "shop" cannot be opened: it was sealed with another key, \w{8}; known here: \w{8}; add the key that it was sealed with to the file of secrets.keyFile, or delete the secret and create it again$/,
    );
    for (const path of [secretPath('shop', 'regcred'), secretPath('shop'), '/api/v1/secrets']) {
      expect(await other.ask(path)).toMatchObject({ code: 500, answer: { message } });
    }
    expect((await other.ask(secretPath('shop', 'regcred'), { method: 'DELETE' })).code).toBe(200);
  });

  it('writes nothing, and says which setting it lacks', async () => {
    await using keyless = await openApiForTest();
    expect((await keyless.ask(secretPath('shop'))).answer['items']).toEqual([]);
    const body = JSON.stringify(secretBody('regcred'));
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    const { code, headers, answer } = await keyless.ask(secretPath('shop'), init);
    expect([code, headers.get('retry-after')]).toEqual([503, null]);
    expect(answer['message']).toBe(
      'secret "regcred" of namespace "shop" cannot be sealed: this process was given no key (secrets.keyFile); make one with "tagtrail create secret-key FILE", set secrets.keyFile (TAGTRAIL_SECRETS_KEY_FILE) of the API and of every worker to it, and start them again',
    );
  });

  it('does not start with a file that is no key', async () => {
    const path = `${api.keyFile}.bad`;
    await writeFile(path, 'hunter2\n', { mode: 0o600 });
    await expect(openApiForTest({ TAGTRAIL_SECRETS_KEY_FILE: path })).rejects.toThrow(
      `key file ${path}: line 1 is not a key: 32 random bytes in base64`,
    );
  });
});
