import type { PullSecret } from '@tagtrail/pull-secrets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  base64,
  openSecretsForTest,
  type SecretsForTest,
  secretBody,
  secretPath,
} from '../testing/open-secrets-for-test.ts';

const TABLE = 'application/json;as=Table;g=meta.k8s.io;v=v1';

let api: SecretsForTest;

beforeAll(async () => {
  api = await openSecretsForTest();
});
afterAll(() => api[Symbol.asyncDispose]());

describe('a secret', () => {
  it('is created, and answered as it is', async () => {
    const { code, answer } = await api.create('made', secretBody('regcred'));
    expect(code).toBe(201);
    expect(answer).toEqual({
      ...secretBody('regcred'),
      metadata: {
        name: 'regcred',
        namespace: 'made',
        uid: expect.any(String),
        resourceVersion: expect.stringMatching(/^\d+$/),
        creationTimestamp: expect.any(String),
      },
    });
    expect((await api.ask(secretPath('made', 'regcred'))).answer).toEqual(answer);
  });

  it('is created once, and not at all by a dry run', async () => {
    const tried = await api.send('POST', `${secretPath('dry')}?dryRun=All`, secretBody('regcred'));
    expect(tried.code).toBe(201);
    expect((await api.ask(secretPath('dry', 'regcred'))).answer['message']).toBe(
      'secrets "regcred" not found',
    );
    await api.created('dry', 'regcred');
    const taken = { code: 409, answer: { message: 'secrets "regcred" already exists' } };
    expect(await api.create('dry', secretBody('regcred'))).toMatchObject(taken);
    expect(
      await api.send('POST', `${secretPath('dry')}?dryRun=All`, secretBody('regcred')),
    ).toMatchObject(taken);
  });

  it('takes text in clear', async () => {
    const text = '{"quay.io":{"auth":"cm9ib3Q6aHVudGVyMg=="}}';
    const secret = {
      type: 'kubernetes.io/dockercfg',
      data: null,
      stringData: { '.dockercfg': text },
    };
    const { answer } = await api.create('clear', secretBody('old', secret));
    expect(answer).toMatchObject({ data: { '.dockercfg': base64(text) } });
    expect(answer).not.toHaveProperty('stringData');
  });

  it('is replaced, at the version that was read or at any', async () => {
    const { metadata } = await api.created('edited', 'regcred');
    const { resourceVersion } = metadata;
    const path = secretPath('edited', 'regcred');
    const labelled = secretBody('regcred', {
      metadata: { name: 'regcred', resourceVersion, labels: { a: 'b' } },
    });
    const { code, answer } = await api.send('PUT', path, labelled);
    expect([code, answer['metadata']]).toEqual([
      200,
      {
        ...metadata,
        labels: { a: 'b' },
        resourceVersion: expect.not.stringMatching(`^${resourceVersion}$`),
      },
    ]);
    expect(await api.send('PUT', path, labelled)).toMatchObject({
      code: 409,
      answer: {
        message:
          'Operation cannot be fulfilled on secrets "regcred": the object has been modified; please apply your changes to the latest version and try again',
      },
    });
    expect((await api.send('PUT', path, secretBody('regcred'))).code).toBe(200);
    expect((await api.send('PUT', `${path}?dryRun=All`, secretBody('regcred'))).code).toBe(200);
  });

  it('is deleted, if it is the one that is meant', async () => {
    const { metadata } = await api.created('gone', 'regcred');
    const path = secretPath('gone', 'regcred');
    const other = { kind: 'DeleteOptions', preconditions: { uid: 'u9' } };
    expect(await api.send('DELETE', path, other)).toMatchObject({
      code: 409,
      answer: {
        message: `Operation cannot be fulfilled on secrets "regcred": Precondition failed: UID in precondition: u9, UID in object meta: ${metadata.uid}`,
      },
    });
    expect((await api.send('DELETE', `${path}?dryRun=All`)).code).toBe(200);
    expect((await api.send('DELETE', path)).answer).toMatchObject({
      status: 'Success',
      details: { name: 'regcred', kind: 'secrets', uid: metadata.uid },
    });
    expect((await api.send('DELETE', path)).code).toBe(404);
  });
});

describe('a list of secrets', () => {
  beforeAll(async () => {
    await api.created('list-a', 'one');
    await api.create(
      'list-a',
      secretBody('two', { metadata: { name: 'two', labels: { app: 'shop' } } }),
    );
    await api.created('list-b', 'one');
  });

  const namesIn = (answer: Readonly<Record<string, unknown>>) =>
    (answer['items'] as PullSecret[]).map(
      ({ metadata }) => `${metadata.namespace}/${metadata.name}`,
    );

  it('holds those of a namespace, as selected', async () => {
    const { answer } = await api.ask(`${secretPath('list-a')}?limit=500`);
    expect(answer).toMatchObject({ kind: 'SecretList', apiVersion: 'v1' });
    expect(namesIn(answer)).toEqual(['list-a/one', 'list-a/two']);
    const labelled = await api.ask(`${secretPath('list-a')}?labelSelector=app%3Dshop`);
    expect(namesIn(labelled.answer)).toEqual(['list-a/two']);
    const named = await api.ask(`${secretPath('list-a')}?fieldSelector=metadata.name%3Done`);
    expect(namesIn(named.answer)).toEqual(['list-a/one']);
  });

  it('holds those of all namespaces, page by page', async () => {
    const names: string[] = [];
    let place: string | undefined = '';
    while (place !== undefined) {
      const { answer } = await api.ask(`/api/v1/secrets?limit=2&continue=${place}`);
      names.push(...namesIn(answer));
      place = (answer['metadata'] as { readonly continue?: string }).continue;
    }
    expect(names).toEqual(names.toSorted());
    expect(names).toEqual(expect.arrayContaining(['list-a/one', 'list-a/two', 'list-b/one']));
  });

  it('is drawn as the table of kubectl', async () => {
    const { answer } = await api.ask(secretPath('list-b'), { headers: { accept: TABLE } });
    expect(answer).toMatchObject({
      kind: 'Table',
      columnDefinitions: [
        { name: 'Name', description: 'Name of the secret, unique in its namespace.' },
        { name: 'Type', description: 'How its contents are written.' },
        { name: 'Data', description: 'How many values it holds.' },
        { name: 'Age', description: 'How long ago it was created.' },
      ],
      rows: [
        {
          cells: ['one', 'kubernetes.io/dockerconfigjson', '1', expect.stringMatching(/^\d+s$/)],
          object: { kind: 'PartialObjectMetadata', metadata: { name: 'one' } },
        },
      ],
    });
    expect(JSON.stringify(answer)).not.toContain('dockerconfigjson":');
  });

  it('is not watched', async () => {
    const { code, answer } = await api.ask(`${secretPath('list-a')}?watch=true`);
    expect([code, answer['message']]).toEqual([405, 'secrets can not be watched; list them again']);
    expect(await api.ask('/api/v1/secrets?continue=x')).toMatchObject({
      code: 400,
      answer: { message: 'the continue token is not valid' },
    });
  });
});
