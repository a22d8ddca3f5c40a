import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aStream } from '../testing/a-stream.ts';
import {
  type ImportsForTest,
  imageFrom,
  openImportsForTest,
} from '../testing/open-imports-for-test.ts';

const NOT_ALLOWED =
  'Forbidden: importing images from registry "docker.io:443" is forbidden: registry "docker.io:443" not allowed by whitelist: "quay.io:443", "*.example.com:443"';

describe('where the operator says which registries images come from', () => {
  let api: ImportsForTest;

  beforeAll(async () => {
    api = await openImportsForTest({
      TAGTRAIL_REGISTRIES_ALLOWED: 'quay.io,*.example.com',
      TAGTRAIL_REGISTRIES_BLOCKED: 'evil.example.com',
    });
  });
  afterAll(() => api[Symbol.asyncDispose]());

  it('a stream with another source is refused, with its tag, and one with an allowed one is not', async () => {
    const sources = { ok: 'quay.io/a/b:1', bad: 'redis:7', worse: 'evil.example.com/x:1' };
    await expect(api.client.streams.create(aStream('mixed', { sources }))).rejects.toMatchObject({
      code: 422,
      message: `ImageStream.image.openshift.io "mixed" is invalid: [spec.tags[bad].from.name: ${NOT_ALLOWED}, spec.tags[worse].from.name: Forbidden: forbidden: registry evil.example.com blocked]`,
    });
    expect(await api.read('mixed')).toBeUndefined();
    const { ok } = sources;
    await api.client.streams.create(aStream('fine', { sources: { ok } }));
  });

  it('a tag and an import of another source are refused too, before anybody asks the registry', async () => {
    const tag = {
      kind: 'ImageStreamTag',
      apiVersion: 'image.openshift.io/v1',
      metadata: { name: 'fine:bad', namespace: 'shop' },
      tag: { name: 'bad', from: { kind: 'DockerImage', name: 'redis:7' } },
    };
    const { code, answer } = await api.ask(
      '/apis/image.openshift.io/v1/namespaces/shop/imagestreamtags',
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(tag),
      },
    );
    expect([code, answer['message']]).toEqual([422, expect.stringContaining(NOT_ALLOWED)]);
    const asked = await api.importTo('new', { import: true, images: [imageFrom('redis:7')] });
    expect([asked.code, asked.answer['message']]).toEqual([
      422,
      `ImageStreamImport.image.openshift.io "new" is invalid: spec.images[0].from.name: ${NOT_ALLOWED}`,
    ]);
    const repository = { from: { kind: 'DockerImage', name: 'evil.example.com/all' } };
    const listed = await api.importTo('new', { import: true, repository });
    expect(listed.answer['message']).toBe(
      'ImageStreamImport.image.openshift.io "new" is invalid: spec.repository.from.name: Forbidden: forbidden: registry evil.example.com blocked',
    );
    expect(await api.read('new')).toBeUndefined();
  });
});
