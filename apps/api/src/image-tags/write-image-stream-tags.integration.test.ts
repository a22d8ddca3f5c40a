import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digest } from '../testing/a-stream.ts';
import { anImportedTag } from '../testing/an-imported-tag.ts';
import { type ApiForTest, openApiForTest } from '../testing/open-api-for-test.ts';

const GROUP_VERSION = '/apis/image.openshift.io/v1';

describe('writing image stream tags', () => {
  let api: ApiForTest;

  beforeAll(async () => {
    api = await openApiForTest();
  });

  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const pathOf = (namespace: string, name?: string) =>
    `${GROUP_VERSION}/namespaces/${namespace}/imagestreamtags${name === undefined ? '' : `/${name}`}`;

  function send(method: string, path: string, body: unknown) {
    const headers = { 'content-type': 'application/json' };
    return api.ask(path, { method, headers, body: JSON.stringify(body) });
  }

  /** As `oc tag` sends it. */
  const aTagObject = (name: string, from: object, fields: object = {}) => ({
    kind: 'ImageStreamTag',
    apiVersion: 'image.openshift.io/v1',
    metadata: { name, creationTimestamp: null },
    tag: {
      name: '',
      annotations: null,
      from,
      generation: 0,
      importPolicy: {},
      referencePolicy: { type: '' },
      ...fields,
    },
    generation: 0,
    lookupPolicy: { local: false },
    image: { metadata: { creationTimestamp: null }, dockerImageMetadata: null },
  });
  const docker = (name: string) => ({ kind: 'DockerImage', name });
  const put = (namespace: string, name: string, body: object) =>
    send('PUT', pathOf(namespace, name), body);
  const read = (namespace: string, name: string) => api.client.streams.get({ namespace, name });

  describe('PUT', () => {
    it('creates the stream and the tag with 201, and answers 200 from then on', async () => {
      const body = aTagObject('web:v1', docker('quay.io/acme/web:1'));
      const { code, answer } = await put('put', 'web:v1', body);
      expect(code).toBe(201);
      expect(answer).toMatchObject({
        kind: 'ImageStreamTag',
        metadata: { name: 'web:v1', namespace: 'put' },
        tag: { name: 'v1', generation: 1, importPolicy: { importMode: 'Legacy' } },
      });
      expect((await put('put', 'web:v1', body)).code).toBe(200);
      expect((await put('put', 'web:v2', aTagObject('web:v2', docker('a/b')))).code).toBe(201);
      const { tags } = await api.client.checks.get({ namespace: 'put', name: 'web' });
      expect(tags.map(({ tag }) => tag)).toEqual(['v1', 'v2']);
    });

    it('imports again for generation 0 and leaves the record alone for null', async () => {
      const body = aTagObject('again:v1', docker('a/b'));
      await put('put', 'again:v1', body);
      const first = await read('put', 'again');
      await put('put', 'again:v1', aTagObject('again:v1', docker('a/b'), { generation: null }));
      expect(await read('put', 'again')).toEqual(first);
      await put('put', 'again:v1', body);
      expect((await read('put', 'again')).spec.tags).toMatchObject([{ generation: 2 }]);
    });

    it('writes the annotations of the object over those of the definition', async () => {
      const body = aTagObject('noted:v1', docker('a/b'), { annotations: { lost: 'yes' } });
      const metadata = { ...body.metadata, annotations: { kept: 'yes' } };
      await put('put', 'noted:v1', { ...body, metadata });
      const { spec } = await read('put', 'noted');
      expect(spec.tags?.[0]?.annotations).toEqual({ kept: 'yes' });
      await put('put', 'noted:v1', { metadata: { name: 'noted:v1' } });
      expect((await read('put', 'noted')).spec.tags).toMatchObject([
        { annotations: null, from: { name: 'a/b' } },
      ]);
    });

    it('honours a resourceVersion: 409 for another, 404 for a missing stream', async () => {
      const body = aTagObject('version:v1', docker('a/b'));
      const at = (resourceVersion: string) => ({
        ...body,
        metadata: { ...body.metadata, resourceVersion },
      });
      const absent = await put('put', 'version:v1', at('1'));
      expect(absent.code).toBe(404);
      expect(absent.answer['message']).toBe(
        'imagestreamtags.image.openshift.io "version:v1" not found',
      );
      const { answer } = await put('put', 'version:v1', body);
      expect((await put('put', 'version:v1', at('1'))).code).toBe(409);
      const { resourceVersion } = answer['metadata'] as { resourceVersion: string };
      expect((await put('put', 'version:v1', at(resourceVersion))).code).toBe(200);
    });

    it('lets writers of different tags of a new stream all have their way', async () => {
      const names = ['race:a', 'race:b', 'race:c'];
      const answers = await Promise.all(
        names.map((name) => put('put', name, aTagObject(name, docker('a/b')))),
      );
      expect(answers.map(({ code }) => code)).toEqual([201, 201, 201]);
      expect((await read('put', 'race')).spec.tags).toHaveLength(3);
    });

    it('points a tag at once to the image of another tag, or of another stream', async () => {
      const event = await anImportedTag(api, { namespace: 'put', name: 'source' });
      const prod = aTagObject('source:prod', { kind: 'ImageStreamTag', name: 'latest' });
      expect((await put('put', 'source:prod', prod)).answer).toMatchObject({
        image: { metadata: { name: event.image } },
      });
      const from = { kind: 'ImageStreamImage', name: `source@${event.image}`, namespace: 'put' };
      await put('copies', 'copy:v1', aTagObject('copy:v1', from, { generation: null }));
      const { status } = await read('copies', 'copy');
      expect(status.tags).toMatchObject([
        {
          tag: 'v1',
          items: [{ image: event.image, dockerImageReference: event.dockerImageReference }],
        },
      ]);
      expect((await api.ask(pathOf('copies', 'copy:v1'))).code).toBe(200);
    });

    it('takes the followers of a tag along', async () => {
      const event = await anImportedTag(api, { namespace: 'put', name: 'followed' });
      const alias = { kind: 'ImageStreamTag', name: 'followed:stage' };
      await put('put', 'followed:prod', aTagObject('followed:prod', alias));
      expect((await read('put', 'followed')).status.tags).toHaveLength(1);
      const stage = aTagObject('followed:stage', { kind: 'ImageStreamImage', name: event.image });
      await put('put', 'followed:stage', stage);
      expect((await read('put', 'followed')).status.tags).toMatchObject([
        { tag: 'latest' },
        { tag: 'prod', items: [{ image: event.image, generation: 3 }] },
        { tag: 'stage', items: [{ image: event.image, generation: 3 }] },
      ]);
      const { items } = await api.client.history.list({
        namespace: 'put',
        name: 'followed',
        tag: 'prod',
      });
      expect(items).toMatchObject([{ image: event.image }]);
    });

    it('refuses a source that is not there', async () => {
      const from = { kind: 'ImageStreamTag', name: 'absent:v1' };
      const { code, answer } = await put('put', 'lost:v1', aTagObject('lost:v1', from));
      expect(code).toBe(422);
      expect(answer).toMatchObject({
        reason: 'Invalid',
        message:
          'ImageStream.image.openshift.io "lost" is invalid: spec.tags[v1].from.name: Not found: "put/absent"',
        details: {
          causes: [{ reason: 'FieldValueNotFound', field: 'spec.tags[v1].from.name' }],
        },
      });
    });

    it.each([
      ['a name without a tag', 'web', { tag: {} }],
      ['no name', 'web:v1', { tag: {} }],
      ['another name', 'web:v1', { metadata: { name: 'web:v2' }, tag: {} }],
      [
        'another namespace',
        'web:v1',
        { metadata: { name: 'web:v1', namespace: 'other' }, tag: {} },
      ],
      ['no definition at all', 'fresh:v1', { metadata: { name: 'fresh:v1' } }],
    ])('refuses %s', async (_, name, body) => {
      expect((await put('put', name, body)).code).toBe(400);
    });

    it('stores nothing as a dry run', async () => {
      const body = aTagObject('dry:v1', docker('a/b'));
      const { code } = await send('PUT', `${pathOf('put', 'dry:v1')}?dryRun=All`, body);
      expect(code).toBe(201);
      await expect(read('put', 'dry')).rejects.toMatchObject({ code: 404 });
    });
  });

  describe('POST', () => {
    const post = (body: object) => send('POST', pathOf('post'), body);

    it('creates the stream and the tag, once', async () => {
      const body = aTagObject('web:v1', docker('a/b'), { annotations: { from: 'tag' } });
      const { code, answer } = await post(body);
      expect(code).toBe(201);
      expect(answer).toMatchObject({ metadata: { name: 'web:v1', annotations: { from: 'tag' } } });
      expect(await post(body)).toMatchObject({
        code: 409,
        answer: {
          reason: 'AlreadyExists',
          message: 'imagestreamtags.image.openshift.io "web:v1" already exists',
        },
      });
      expect((await post(aTagObject('web:v2', docker('a/b')))).code).toBe(201);
    });

    it.each([
      ['a name without a tag', { metadata: { name: 'web' }, tag: {} }],
      ['no definition', { metadata: { name: 'web:none' } }],
      ['a version', { metadata: { name: 'web:v9', resourceVersion: '1' }, tag: {} }],
    ])('refuses %s', async (_, body) => {
      expect((await post(body)).code).toBe(400);
    });
  });

  describe('DELETE', () => {
    const remove = (name: string, body?: object) => send('DELETE', pathOf('delete', name), body);

    it('takes the definition, the events and the check away', async () => {
      await anImportedTag(api, { namespace: 'delete', name: 'web' }, digest('2'));
      expect(await remove('web:latest', { kind: 'DeleteOptions' })).toMatchObject({
        code: 200,
        answer: { status: 'Success', details: { name: 'web:latest', kind: 'imagestreamtags' } },
      });
      const { spec, status } = await read('delete', 'web');
      expect([spec.tags, status.tags]).toEqual([undefined, undefined]);
      const { tags } = await api.client.checks.get({ namespace: 'delete', name: 'web' });
      expect(tags).toEqual([]);
      expect((await remove('web:latest')).code).toBe(404);
      expect((await remove('absent:latest')).code).toBe(404);
    });

    it('honours preconditions and dry runs', async () => {
      await anImportedTag(api, { namespace: 'delete', name: 'kept' }, digest('2'));
      const preconditions = { uid: 'another' };
      expect((await remove('kept:latest', { preconditions })).code).toBe(409);
      expect((await remove('kept:latest', { dryRun: ['All'] })).code).toBe(200);
      expect((await read('delete', 'kept')).spec.tags).toHaveLength(1);
    });
  });
});
