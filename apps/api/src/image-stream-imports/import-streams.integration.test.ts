import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aStream, digest } from '../testing/a-stream.ts';
import { imageDocument, indexDocument } from '../testing/an-image.ts';
import { TOKEN } from '../testing/open-api-for-test.ts';
import {
  IMPORTS_PATH,
  type ImportsForTest,
  imageFrom,
  openImportsForTest,
} from '../testing/open-imports-for-test.ts';

const NOT_FOUND = {
  kind: 'failed',
  reason: 'NotFound',
  message: 'dockerimage.image.openshift.io "quay.io/acme/gone:v1" not found',
} as const;

describe('requested imports', () => {
  let api: ImportsForTest;

  beforeAll(async () => {
    api = await openImportsForTest();
    Object.assign(api.workers.registry, {
      'quay.io/acme/app:v1': { digest: digest('1') },
      'quay.io/acme/app:v2': { digest: digest('2') },
      'quay.io/acme/gone:v1': NOT_FOUND,
      'quay.io/acme/bare': { digest: digest('3') },
    });
  });

  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  it('makes the stream that there is not, and answers it with the image', async () => {
    const spec = { import: true, images: [imageFrom('quay.io/acme/app:v1')] };
    const { code, answer, status } = await api.importTo('fresh', spec);
    expect(code).toBe(201);
    expect(answer).toMatchObject({ kind: 'ImageStreamImport', metadata: { name: 'fresh' } });
    expect(status.images).toMatchObject([
      {
        status: { metadata: {}, status: 'Success' },
        tag: 'v1',
        image: {
          kind: 'Image',
          metadata: { name: digest('1'), creationTimestamp: '2026-01-01T10:00:00Z' },
          dockerImageReference: `quay.io/acme/app@${digest('1')}`,
          dockerImageMetadata: { kind: 'DockerImage', Id: digest('c'), Size: 127 },
        },
      },
    ]);
    expect(status.images?.[0]?.image).not.toHaveProperty('dockerImageManifest');
    expect(status.import).toEqual(await api.read('fresh'));
    expect(status.import?.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(api.workers.newest).toMatchObject([
      {
        key: { namespace: 'shop', name: 'fresh', uid: status.import?.metadata.uid, tag: 'v1' },
        reason: 'requested',
        records: { createsStream: true, listed: false },
      },
    ]);
    expect([api.requests.count, api.requests.lifetimes.at(-1)]).toEqual([0, 60_000]);
  });

  it('carries what the request and the stream say of each image into its job', async () => {
    await api.client.streams.create(aStream('known', { sources: { v1: 'quay.io/acme/app:v1' } }));
    const policies = {
      importPolicy: { insecure: true, scheduled: true, importMode: 'PreserveOriginal' },
      referencePolicy: { type: 'Local' },
    };
    const { status } = await api.importTo('known', {
      import: true,
      images: [
        imageFrom('quay.io/acme/app:v2', { to: { name: 'v1' }, ...policies }),
        imageFrom('quay.io/acme/bare'),
      ],
    });
    const uid = (await api.read('known'))?.metadata.uid;
    expect(api.workers.newest).toMatchObject([
      {
        key: { uid, tag: 'v1' },
        generation: 1,
        from: 'quay.io/acme/app:v2',
        insecure: true,
        importMode: 'PreserveOriginal',
        records: { ...policies, createsStream: false },
        request: { slot: 0, replyTo: api.requests.replyTo },
      },
      { key: { uid, tag: 'latest' }, generation: 0, from: 'quay.io/acme/bare' },
    ]);
    expect(api.workers.newest[1]).not.toHaveProperty('records');
    expect(status.images?.map(({ tag }) => tag)).toEqual(['v1', 'latest']);
    expect(status.import?.spec.tags?.map(({ name }) => name)).toEqual(['v1']);
  });

  it('answers in the order of the images what became of each, though some or all failed', async () => {
    const unreadable = 'test///un/parse/able/image';
    const { code, status } = await api.importTo('mixed', {
      import: true,
      images: [
        imageFrom('quay.io/acme/gone:v1', { to: { name: 'stable' } }),
        imageFrom(unreadable, { to: { name: 'odd' } }),
        imageFrom('quay.io/acme/app:v2'),
      ],
    });
    expect(code).toBe(201);
    expect(status.images?.map(({ tag, status: one }) => [tag, one])).toEqual([
      [
        'stable',
        {
          metadata: {},
          status: 'Failure',
          message: NOT_FOUND.message,
          reason: 'NotFound',
          code: 404,
        },
      ],
      [
        'odd',
        expect.objectContaining({
          status: 'Failure',
          message: ` "" is invalid: from.name: Invalid value: "${unreadable}": invalid name: invalid reference format`,
          reason: 'Invalid',
          code: 422,
        }),
      ],
      ['v2', { metadata: {}, status: 'Success' }],
    ]);
    expect(status.images?.map((one) => 'image' in one)).toEqual([false, false, true]);
    expect(api.workers.newest.map(({ from }) => from)).toEqual([
      'quay.io/acme/gone:v1',
      'quay.io/acme/app:v2',
    ]);
    const { code: nothing, status: none } = await api.importTo('none', {
      images: [imageFrom(unreadable)],
    });
    expect([nothing, none.images?.[0]?.tag]).toEqual([201, '']);
  });

  it.each([
    ['the request says so', { import: false }, ''],
    ['it is a dry run', { import: true }, '?dryRun=All'],
  ])('stores nothing when %s', async (_, wish, query) => {
    const spec = { ...wish, images: [imageFrom('quay.io/acme/app:v1')] };
    const { code, status } = await api.importTo('looked-at', spec, { query });
    expect(code).toBe(201);
    expect(status.images?.[0]).toMatchObject({ tag: 'v1', status: { status: 'Success' } });
    expect(status.images?.[0]?.image?.metadata).not.toHaveProperty('creationTimestamp');
    expect(status).not.toHaveProperty('import');
    expect(api.workers.newest[0]).not.toHaveProperty('records');
    expect(await api.read('looked-at')).toBeUndefined();
  });

  it('tells manifest and config to who asks for them, and the parts of an index', async () => {
    const part = digest('7');
    api.workers.registry['quay.io/acme/part:v1'] = { digest: part };
    await api.importTo('part', { images: [imageFrom('quay.io/acme/part:v1')] });
    const document = indexDocument(part);
    api.workers.registry['quay.io/acme/index:v1'] = { digest: digest('8'), document };
    const { status } = await api.importTo('whole', {
      import: true,
      images: [imageFrom('quay.io/acme/index:v1', { includeManifest: true })],
    });
    const [whole] = status.images ?? [];
    expect(whole?.image).toMatchObject({
      dockerImageManifest: document.manifest,
      dockerImageManifests: [{ digest: part }],
    });
    expect(whole?.manifests).toMatchObject([
      {
        metadata: { name: part },
        dockerImageReference: `quay.io/acme/index@${part}`,
        dockerImageManifest: imageDocument.manifest,
        dockerImageConfig: imageDocument.config,
      },
    ]);
  });

  it('fails an image whose document is gone', async () => {
    api.workers.registry['quay.io/acme/lost:v1'] = {
      kind: 'imported',
      image: digest('9'),
      dockerImageReference: `quay.io/acme/lost@${digest('9')}`,
    };
    const { status } = await api.importTo('lost', { images: [imageFrom('quay.io/acme/lost:v1')] });
    expect(status.images?.[0]?.status).toMatchObject({
      reason: 'InternalError',
      message: expect.stringContaining('please try again.'),
    });
  });

  it('are discovered', async () => {
    const { answer } = await api.ask('/apis/image.openshift.io/v1');
    expect(answer['resources']).toContainEqual(
      expect.objectContaining({ name: 'imagestreamimports', verbs: ['create'] }),
    );
  });

  it('leave nothing behind when the client goes away', async () => {
    const left = new AbortController();
    const asked = fetch(`${api.url}${IMPORTS_PATH}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        metadata: { name: 'left' },
        spec: { images: [imageFrom('quay.io/acme/silent:v1')] },
      }),
      signal: left.signal,
    });
    await api.requests.opened();
    left.abort();
    await expect(asked).rejects.toThrow();
    await api.requests.allClosed();
    expect(api.requests.count).toBe(0);
    expect(api.workers.withdrawn.map(({ from }) => from)).toEqual(['quay.io/acme/silent:v1']);
  });

  it('are counted', async () => {
    const text = await (await fetch(`${api.url}/metrics`)).text();
    expect(text).toMatch(/tagtrail_import_requests_total\{outcome="answered",service="api"\} \d+/);
    expect(text).toContain('tagtrail_import_requests_total{outcome="left",service="api"} 1');
    expect(text).toContain('tagtrail_import_requests_open{service="api"} 0');
    expect(text).toContain('tagtrail_requested_jobs{state="waiting",service="api"} 0');
  });
});
