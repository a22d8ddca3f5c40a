import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, aStream, digest, moveTag } from '../testing/a-stream.ts';
import { imageDocument, indexDocument } from '../testing/an-image.ts';
import { anImportedTag } from '../testing/an-imported-tag.ts';
import { type ApiForTest, openApiForTest } from '../testing/open-api-for-test.ts';

const GROUP_VERSION = '/apis/image.openshift.io/v1';

describe('reading image stream tags and images', () => {
  let api: ApiForTest;

  beforeAll(async () => {
    api = await openApiForTest();
  });

  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const pathOf = (namespace: string, name?: string) =>
    `${GROUP_VERSION}/namespaces/${namespace}/imagestreamtags${name === undefined ? '' : `/${name}`}`;

  describe('GET', () => {
    it('answers the tag with its image', async () => {
      const { image, created, dockerImageReference } = await anImportedTag(api, {
        namespace: 'get',
        name: 'web',
      });
      const { code, answer } = await api.ask(pathOf('get', 'web:latest'));
      expect(code).toBe(200);
      expect(answer).toMatchObject({
        kind: 'ImageStreamTag',
        metadata: { name: 'web:latest', creationTimestamp: created },
        tag: { from: { name: 'quay.io/acme/web:latest' } },
        image: {
          metadata: { name: image },
          dockerImageReference,
          dockerImageMetadata: {
            kind: 'DockerImage',
            apiVersion: '1.0',
            Id: digest('c'),
            Architecture: 'amd64',
            Config: { Cmd: ['serve'] },
            Size: 127,
          },
          dockerImageLayers: [{ size: 7 }, { size: 20 }],
        },
      });
    });

    it('is 404 without a stream, without a tag and without an image', async () => {
      const sources = { pending: 'quay.io/acme/bare' };
      await api.client.streams.create(aStream('bare', { namespace: 'get', sources }));
      for (const name of ['absent:v1', 'bare:absent', 'bare:pending']) {
        const { code, answer } = await api.ask(pathOf('get', name));
        expect(code).toBe(404);
        expect(answer['details']).toMatchObject({ kind: 'imagestreamtags', name });
      }
    });

    it.each(['web', 'web:', 'web:a:b'])('refuses the name %s', async (name) => {
      expect(await api.ask(pathOf('get', name))).toMatchObject({
        code: 400,
        answer: { message: 'ImageStreamTags must be retrieved with <name>:<tag>' },
      });
    });
  });

  describe('LIST', () => {
    const names = (answer: Readonly<Record<string, unknown>>) =>
      (answer['items'] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);

    it('lists the tags that have an image, without its body, in one namespace or in all', async () => {
      const { image, dockerImageReference } = await anImportedTag(
        api,
        { namespace: 'list', name: 'web' },
        digest('3'),
      );
      await anImportedTag(api, { namespace: 'list', name: 'db' }, digest('3'));
      const pending = aStream('new', { namespace: 'list', sources: { latest: 'a/b' } });
      await api.client.streams.create(pending);
      await anImportedTag(api, { namespace: 'list-other', name: 'far' }, digest('3'));
      const { answer } = await api.ask(pathOf('list'));
      expect(answer).toMatchObject({ kind: 'ImageStreamTagList', metadata: {} });
      expect(names(answer)).toEqual(['db:latest', 'web:latest']);
      expect((answer['items'] as { image: unknown }[])[1]?.image).toEqual({
        metadata: { name: image },
        dockerImageReference,
      });
      const all = await api.ask(`${GROUP_VERSION}/imagestreamtags`);
      expect(names(all.answer)).toEqual(expect.arrayContaining(['web:latest', 'far:latest']));
    });

    it('goes page by page, a stream at a time', async () => {
      await anImportedTag(api, { namespace: 'pages', name: 'a' }, digest('3'));
      await anImportedTag(api, { namespace: 'pages', name: 'b' }, digest('3'));
      const first = await api.ask(`${pathOf('pages')}?limit=1`);
      expect(names(first.answer)).toEqual(['a:latest']);
      const token = (first.answer['metadata'] as { continue: string }).continue;
      const next = `${pathOf('pages')}?limit=1&continue=${encodeURIComponent(token)}`;
      expect(names((await api.ask(next)).answer)).toEqual(['b:latest']);
    });

    it('draws tables of a list and of one tag', async () => {
      const { image, dockerImageReference } = await anImportedTag(
        api,
        { namespace: 'table', name: 'web' },
        digest('3'),
      );
      const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
      for (const path of [pathOf('table'), pathOf('table', 'web:latest')]) {
        const { answer } = await api.ask(path, { headers });
        expect(answer).toMatchObject({
          kind: 'Table',
          columnDefinitions: [
            { name: 'Name' },
            { name: 'Image Reference' },
            { name: 'Updated' },
            { name: 'Image Name', priority: 1 },
            { name: 'Freshness', priority: 1 },
          ],
          rows: [
            {
              cells: [
                'web:latest',
                dockerImageReference,
                expect.stringMatching(/^.+ ago$/),
                image,
                'Fresh',
              ],
              object: { kind: 'PartialObjectMetadata', metadata: { name: 'web:latest' } },
            },
          ],
        });
      }
    });

    it.each([
      ['watch=true', 405],
      ['fieldSelector=metadata.name%3Dx', 400],
    ])('refuses %s', async (query, code) => {
      expect((await api.ask(`${pathOf('list')}?${query}`)).code).toBe(code);
    });
  });

  describe('images', () => {
    const imagePath = (name: string) => `${GROUP_VERSION}/images/${name}`;

    it('answers an image by its digest, as an object and as a table', async () => {
      const { image } = await anImportedTag(api, { namespace: 'images', name: 'web' });
      const { code, answer } = await api.ask(imagePath(image));
      expect(code).toBe(200);
      expect(answer).toMatchObject({
        kind: 'Image',
        metadata: { name: image },
        dockerImageMetadata: { Id: digest('c'), Size: 127 },
      });
      const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
      expect((await api.ask(imagePath(image), { headers })).answer).toMatchObject({
        columnDefinitions: [{ name: 'Name' }, { name: 'Image Reference' }],
        rows: [{ cells: [image, answer['dockerImageReference']] }],
      });
    });

    it('is 404 for an unknown digest', async () => {
      const { code, answer } = await api.ask(imagePath(digest('9')));
      expect(code).toBe(404);
      expect(answer['message']).toBe(`images.image.openshift.io "${digest('9')}" not found`);
    });
  });

  describe('image stream images', () => {
    const key = { namespace: 'parts', name: 'web' };
    const ask = (name: string, init?: RequestInit) =>
      api.ask(`${GROUP_VERSION}/namespaces/parts/imagestreamimages/${name}`, init);

    it('finds an image and its parts by digest or prefix, as the name says it', async () => {
      const part = digest('7');
      await api.store.images.save([
        { ...imageDocument, digest: part, dockerImageReference: `quay.io/acme/web@${part}` },
      ]);
      const index = await anImportedTag(api, key, digest('8'), indexDocument(part));
      for (const id of [index.image, '8888']) {
        const { code, answer } = await ask(`web@${id}`);
        expect(code).toBe(200);
        expect(answer).toMatchObject({
          kind: 'ImageStreamImage',
          metadata: { name: `web@${id}`, creationTimestamp: index.created },
          image: {
            metadata: { name: index.image },
            dockerImageReference: index.dockerImageReference,
            dockerImageManifests: [{ digest: part, architecture: 'amd64', os: 'linux' }],
          },
        });
      }
      expect((await ask('web@7777')).answer).toMatchObject({
        image: {
          metadata: { name: part },
          dockerImageReference: `quay.io/acme/web@${part}`,
          dockerImageMetadata: { Size: 127 },
        },
      });
      const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
      const { answer } = await ask('web@7777', { headers });
      expect(answer['rows']).toMatchObject([
        { cells: ['web@7777', expect.stringMatching(/ ago$/), `quay.io/acme/web@${part}`, part] },
      ]);
    });

    it('refuses a prefix of several images', async () => {
      const both = { namespace: 'parts', name: 'both' };
      await anImportedTag(api, both, digest('1'));
      const tag = { ...both, tag: 'latest' };
      await moveTag(api.store, tag, anEvent({ image: digest('2') }), imageDocument);
      const { code, answer } = await ask('both@sha256:');
      expect(code).toBe(409);
      expect(answer['message']).toContain('multiple images match the prefix "sha256:"');
    });

    it.each([
      ['absent@1111', 404],
      ['web@ffff', 404],
      ['web', 400],
      ['web@', 400],
    ])('answers %s with %i', async (name, code) => {
      expect((await ask(name)).code).toBe(code);
    });
  });
});
