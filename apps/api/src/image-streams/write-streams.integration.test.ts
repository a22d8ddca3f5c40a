import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aStream } from '../testing/a-stream.ts';
import { type ApiForTest, openApiForTest } from '../testing/open-api-for-test.ts';

const GROUP_VERSION = '/apis/image.openshift.io/v1';

describe('writing image streams', () => {
  let api: ApiForTest;

  beforeAll(async () => {
    api = await openApiForTest();
  });

  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const pathOf = (namespace: string, name?: string) =>
    `${GROUP_VERSION}/namespaces/${namespace}/imagestreams${name === undefined ? '' : `/${name}`}`;

  function send(method: string, path: string, body: unknown) {
    const headers = { 'content-type': 'application/json' };
    return api.ask(path, { method, headers, body: JSON.stringify(body) });
  }

  describe('create', () => {
    it('stores what the server owns and answers 201', async () => {
      const sources = { latest: 'quay.io/acme/web:latest' };
      const { code, answer } = await send('POST', pathOf('create'), {
        ...aStream('web', { namespace: 'create', sources }),
        status: { tags: [{ tag: 'invented', items: [] }] },
      });
      expect(code).toBe(201);
      expect(answer).toMatchObject({
        kind: 'ImageStream',
        metadata: { name: 'web', namespace: 'create', generation: 1 },
        spec: { tags: [{ name: 'latest', generation: 1, importPolicy: { importMode: 'Legacy' } }] },
        status: { dockerImageRepository: '' },
      });
      expect((answer['metadata'] as { uid?: string }).uid).toMatch(/^[0-9a-f-]{36}$/);
      expect((await api.ask(pathOf('create', 'web'))).answer).toEqual(answer);
    });

    it('makes its tags due for the importers', async () => {
      const sources = { latest: 'quay.io/acme/due:latest' };
      await api.client.streams.create(aStream('due', { namespace: 'create', sources }));
      const { tags } = await api.client.checks.get({ namespace: 'create', name: 'due' });
      expect(tags).toMatchObject([
        { tag: 'latest', host: 'quay.io', outcome: 'never', lastChecked: null, attempts: 0 },
      ]);
      expect(tags[0]?.nextDue).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    });

    it('refuses a name that is taken', async () => {
      await api.client.streams.create(aStream('taken', { namespace: 'create' }));
      const { code, answer } = await send(
        'POST',
        pathOf('create'),
        aStream('taken', { namespace: 'create' }),
      );
      expect(code).toBe(409);
      expect(answer).toMatchObject({
        reason: 'AlreadyExists',
        message: 'imagestreams.image.openshift.io "taken" already exists',
        details: { name: 'taken', group: 'image.openshift.io', kind: 'imagestreams' },
      });
    });

    it('lets one of many win who create the same stream at once', async () => {
      const create = () => send('POST', pathOf('create'), { metadata: { name: 'race' } });
      const codes = (await Promise.all(Array.from({ length: 8 }, create))).map(({ code }) => code);
      expect(codes.toSorted()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
    });

    it('names every field that is wrong', async () => {
      const { code, answer } = await send('POST', pathOf('create'), {
        metadata: { name: 'Bad_Name' },
        spec: {
          tags: [{ name: 'latest', from: { kind: 'DockerImage', name: 'not a reference' } }],
        },
      });
      expect(code).toBe(422);
      expect(answer).toMatchObject({ reason: 'Invalid', details: { kind: 'ImageStream' } });
      const { causes } = answer['details'] as { causes: { field: string }[] };
      expect(causes.map(({ field }) => field)).toEqual([
        'metadata.name',
        'spec.tags[latest].from.name',
      ]);
    });

    it.each([
      ['another namespace in the object', { metadata: { name: 'a', namespace: 'other' } }, 400],
      ['a resourceVersion', { metadata: { name: 'a', resourceVersion: '7' } }, 400],
      ['generateName', { metadata: { generateName: 'a-' } }, 422],
      ['no name', { metadata: {} }, 422],
      ['another kind', { kind: 'Deployment', metadata: { name: 'a' } }, 422],
      ['no object at all', [1], 422],
    ])('refuses %s', async (_, body, code) => {
      const given = await send('POST', pathOf('create'), body);
      expect(given.code).toBe(code);
      expect(given.answer).toMatchObject({ kind: 'Status', status: 'Failure' });
    });

    it('refuses a namespace that can not exist', async () => {
      const { code, answer } = await send('POST', pathOf('Not_A_Label'), {
        metadata: { name: 'a' },
      });
      expect(code).toBe(404);
      expect(answer['message']).toBe('namespaces "Not_A_Label" not found');
    });

    it('checks everything and stores nothing as a dry run', async () => {
      const stream = aStream('dry', { namespace: 'create' });
      expect(await api.client.streams.create(stream, { dryRun: true })).toMatchObject({
        metadata: { name: 'dry', generation: 1 },
      });
      expect((await api.ask(pathOf('create', 'dry'))).code).toBe(404);
      expect((await send('POST', `${pathOf('create')}?dryRun=Some`, stream)).code).toBe(422);
    });
  });

  describe('replace', () => {
    async function created(name: string) {
      const sources = { latest: 'quay.io/acme/web:latest' };
      return api.client.streams.create(aStream(name, { namespace: 'replace', sources }));
    }

    it('changes the spec, counts the generation and leaves the status alone', async () => {
      const stream = await created('plain');
      const replaced = await api.client.streams.replace({
        ...stream,
        metadata: { ...stream.metadata, labels: { new: 'yes' } },
        spec: { ...stream.spec, tags: [] },
      });
      expect(replaced.metadata).toMatchObject({ generation: 2, labels: { new: 'yes' } });
      expect(replaced.metadata.uid).toBe(stream.metadata.uid);
      expect(replaced.metadata.resourceVersion).not.toBe(stream.metadata.resourceVersion);
      expect((await api.client.checks.get({ namespace: 'replace', name: 'plain' })).tags).toEqual(
        [],
      );
    });

    it('refuses a version that is no longer the current one', async () => {
      const stream = await created('stale');
      const changed = { ...stream, metadata: { ...stream.metadata, labels: { a: 'b' } } };
      await api.client.streams.replace(changed);
      await expect(api.client.streams.replace(changed)).rejects.toMatchObject({
        code: 409,
        status: { reason: 'Conflict' },
      });
    });

    it('refuses to write without a version', async () => {
      await created('blind');
      const { code, answer } = await send('PUT', pathOf('replace', 'blind'), {
        metadata: { name: 'blind' },
      });
      expect(code).toBe(422);
      expect(answer['message']).toBe(
        'ImageStream.image.openshift.io "blind" is invalid: metadata.resourceVersion: must be specified for an update',
      );
    });

    it('refuses another uid: that stream was deleted and made again', async () => {
      const { metadata } = await created('reborn');
      const { code } = await send('PUT', pathOf('replace', 'reborn'), {
        metadata: { ...metadata, uid: 'another' },
      });
      expect(code).toBe(409);
    });

    it.each([
      ['no name', {}],
      ['another name', { name: 'other' }],
      ['another namespace', { name: 'named', namespace: 'other' }],
    ])('refuses %s than the URL has', async (_, metadata) => {
      expect((await send('PUT', pathOf('replace', 'named'), { metadata })).code).toBe(400);
    });

    it('does not create', async () => {
      const body = { metadata: { name: 'absent', resourceVersion: '1' } };
      expect((await send('PUT', pathOf('replace', 'absent'), body)).code).toBe(404);
    });

    it('stores nothing as a dry run', async () => {
      const stream = await created('dry');
      const changed = { ...stream, spec: { lookupPolicy: { local: true } } };
      const answer = await api.client.streams.replace(changed, { dryRun: true });
      expect(answer.metadata.generation).toBe(2);
      expect(await api.client.streams.get({ namespace: 'replace', name: 'dry' })).toEqual(stream);
    });
  });

  describe('delete', () => {
    it('answers what was deleted', async () => {
      const { metadata } = await api.client.streams.create(
        aStream('gone', { namespace: 'delete' }),
      );
      const key = { namespace: 'delete', name: 'gone' };
      expect(await api.client.streams.delete(key)).toMatchObject({
        kind: 'Status',
        status: 'Success',
        details: {
          name: 'gone',
          group: 'image.openshift.io',
          kind: 'imagestreams',
          uid: metadata.uid,
        },
      });
      await expect(api.client.streams.delete(key)).rejects.toMatchObject({ code: 404 });
    });

    it('takes the body kubectl sends, or none', async () => {
      await api.client.streams.create(aStream('plain', { namespace: 'delete' }));
      expect((await api.ask(pathOf('delete', 'plain'), { method: 'DELETE' })).code).toBe(200);
      await api.client.streams.create(aStream('plain', { namespace: 'delete' }));
      const { code } = await send('DELETE', pathOf('delete', 'plain'), {
        propagationPolicy: 'Background',
      });
      expect(code).toBe(200);
    });

    it('honours preconditions', async () => {
      const { metadata } = await api.client.streams.create(
        aStream('kept', { namespace: 'delete' }),
      );
      const key = { namespace: 'delete', name: 'kept' };
      const remove = (preconditions: { uid?: string; resourceVersion?: string }) =>
        api.client.streams.delete(key, { preconditions });
      await expect(remove({ uid: 'another' })).rejects.toMatchObject({ code: 409 });
      await expect(remove({ resourceVersion: '1' })).rejects.toMatchObject({ code: 409 });
      const { uid = '', resourceVersion = '' } = metadata;
      await expect(remove({ uid, resourceVersion })).resolves.toMatchObject({ status: 'Success' });
    });

    it('deletes nothing as a dry run, asked for in the query or in the body', async () => {
      await api.client.streams.create(aStream('dry', { namespace: 'delete' }));
      const key = { namespace: 'delete', name: 'dry' };
      await api.client.streams.delete(key, { dryRun: true });
      await send('DELETE', pathOf('delete', 'dry'), { dryRun: ['All'] });
      expect((await api.client.streams.get(key)).metadata.name).toBe('dry');
    });

    it.each([[1], { kind: 'ImageStream' }, { preconditions: { uid: 7 } }, { dryRun: 'All' }])(
      'refuses %j as options',
      async (body) => {
        expect((await send('DELETE', pathOf('delete', 'x'), body)).code).toBe(400);
      },
    );
  });
});
