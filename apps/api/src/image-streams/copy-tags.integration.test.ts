import type { ImageStream } from '@tagtrail/image-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, aStream, digest, moveTag } from '../testing/a-stream.ts';
import { imageDocument } from '../testing/an-image.ts';
import { anImportedTag } from '../testing/an-imported-tag.ts';
import { type ApiForTest, openApiForTest } from '../testing/open-api-for-test.ts';

const HOST = 'registry.example.com:5000';

describe('tags that copy, written with their stream', () => {
  let api: ApiForTest;

  beforeAll(async () => {
    api = await openApiForTest({ TAGTRAIL_API_REGISTRY_HOSTNAME: HOST });
  });

  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const copies = (
    name: string,
    namespace: string,
    sources: Readonly<Record<string, object>>,
  ): ImageStream => {
    const tags = Object.entries(sources).map(([tag, from]) => ({
      name: tag,
      from: { kind: 'ImageStreamTag', name: '', ...from },
      importPolicy: {},
      referencePolicy: { type: 'Source' as const },
    }));
    return { ...aStream(name, { namespace }), spec: { tags } };
  };

  it('point to images of other streams and namespaces as soon as the stream is there', async () => {
    const event = await anImportedTag(api, { namespace: 'far', name: 'lib' });
    const created = await api.client.streams.create(
      copies('app', 'near', {
        empty: { name: 'lib:absent', namespace: 'far' },
        image: { kind: 'ImageStreamImage', name: `lib@${event.image}`, namespace: 'far' },
        tag: { name: 'lib:latest', namespace: 'far' },
        follower: { name: 'tag' },
      }),
    );
    const { dockerImageReference, image } = event;
    const items = [{ dockerImageReference, image, generation: 1 }];
    expect(created.status.tags).toMatchObject([
      { tag: 'follower', items },
      { tag: 'image', items },
      { tag: 'tag', items },
    ]);
    const tag = await api.ask(
      '/apis/image.openshift.io/v1/namespaces/near/imagestreamtags/app:follower',
    );
    expect(tag).toMatchObject({ code: 200, answer: { image: { metadata: { name: image } } } });
  });

  it('copy when they are edited, and not when their source moves', async () => {
    const key = { namespace: 'edits', name: 'lib' };
    await anImportedTag(api, key);
    const created = await api.client.streams.create(
      copies('app', 'edits', { prod: { name: 'lib:latest' } }),
    );
    const next = { image: digest('2'), dockerImageReference: `quay.io/acme/lib@${digest('2')}` };
    await moveTag(api.store, { ...key, tag: 'latest' }, anEvent(next), imageDocument);
    const labels = { team: 'a' };
    const labelled = await api.client.streams.replace({
      ...created,
      metadata: { ...created.metadata, labels },
    });
    expect(labelled.status).toEqual(created.status);
    const tags = labelled.spec.tags?.map((tag) => ({ ...tag, generation: 0 })) ?? [];
    const again = await api.client.streams.replace({
      ...labelled,
      spec: { ...labelled.spec, tags },
    });
    expect(again.status.tags).toMatchObject([
      { tag: 'prod', items: [{ image: digest('2'), generation: 2 }, { image: digest('1') }] },
    ]);
  });

  it('name the stream that is missing, and store nothing', async () => {
    const input = copies('lost', 'near', { prod: { name: 'absent:v1' } });
    await expect(api.client.streams.create(input)).rejects.toMatchObject({
      code: 422,
      status: {
        reason: 'Invalid',
        message:
          'ImageStream.image.openshift.io "lost" is invalid: spec.tags[prod].from.name: Not found: "near/absent"',
      },
    });
    const key = { namespace: 'near', name: 'lost' };
    await expect(api.client.streams.get(key)).rejects.toMatchObject({ code: 404 });
  });

  it('show an image of our own registry as one of their own stream', async () => {
    const key = { namespace: 'served', name: 'lib' };
    await api.client.streams.create(aStream('lib', { namespace: 'served' }));
    const event = anEvent({ dockerImageReference: `${HOST}/served/lib@${digest('1')}` });
    await moveTag(api.store, { ...key, tag: 'latest' }, event, imageDocument);
    const { status } = await api.client.streams.create(
      copies('app', 'served', { prod: { name: 'lib:latest' } }),
    );
    expect(status.tags?.[0]?.items?.[0]?.dockerImageReference).toBe(
      `${HOST}/served/app@${digest('1')}`,
    );
  });

  it('read more streams than are read at once', async () => {
    const numbers = Array.from({ length: 25 }, (_, at) => at);
    for (const at of numbers) {
      await api.client.streams.create(aStream(`lib${at}`, { namespace: 'many' }));
    }
    const sources = (count: number) =>
      Object.fromEntries(
        numbers.slice(0, count).map((at) => [`t${at}`, { name: `lib${at}:latest` }]),
      );
    const created = await api.client.streams.create(copies('app', 'many', sources(25)));
    expect(created.spec.tags).toHaveLength(25);
  });

  it('refuse a source that is a registry and nothing in it', async () => {
    const input = aStream('short', { namespace: 'near', sources: { latest: 'quay.io' } });
    await expect(api.client.streams.create(input)).rejects.toMatchObject({
      status: {
        message:
          'ImageStream.image.openshift.io "short" is invalid: spec.tags[latest].from.name: Invalid value: "quay.io": names a registry without a repository; write quay.io/REPOSITORY[:TAG]',
      },
    });
  });
});
