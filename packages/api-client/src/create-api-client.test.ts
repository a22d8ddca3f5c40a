import { notFound } from '@tagtrail/apimachinery';
import { IMAGE_API_VERSION, type ImageStream } from '@tagtrail/image-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from './api-error.ts';
import { createApiClient } from './create-api-client.ts';
import type { ImageStreamTag } from './image-objects.ts';
import type { ImageStreamImport } from './image-stream-import.ts';
import { json, openScriptedServer, type ScriptedServer } from './testing/scripted-server.ts';

const TOKEN = 'a-token-that-must-stay-secret';
const STREAM: ImageStream = {
  kind: 'ImageStream',
  apiVersion: IMAGE_API_VERSION,
  metadata: { name: 'web', namespace: 'shop', resourceVersion: '7' },
  spec: {},
  status: { dockerImageRepository: '' },
};

describe('createApiClient', () => {
  let server: ScriptedServer;

  beforeEach(async () => {
    server = await openScriptedServer();
  });

  afterEach(async () => {
    await server[Symbol.asyncDispose]();
  });

  const client = () => createApiClient({ server: server.url, token: TOKEN });
  const paths = () =>
    server.requests.map(({ method, url }) => `${method} ${url.pathname}${url.search}`);

  it('gets a stream with its token', async () => {
    server.script(json(200, STREAM));
    expect(await client().streams.get({ namespace: 'shop', name: 'web' })).toEqual(STREAM);
    expect(paths()).toEqual(['GET /apis/image.openshift.io/v1/namespaces/shop/imagestreams/web']);
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
  });

  it('keeps a path in front of the API and escapes names', async () => {
    server.script(json(200, STREAM));
    const behindProxy = createApiClient({ server: `${server.url}/tagtrail/` });
    await behindProxy.streams.get({ namespace: 'shop', name: 'a/b?c' });
    expect(paths()).toEqual([
      'GET /tagtrail/apis/image.openshift.io/v1/namespaces/shop/imagestreams/a%2Fb%3Fc',
    ]);
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('lists a page with selectors, in one namespace or in all', async () => {
    server.script(json(200, { items: [], metadata: {} }));
    await client().streams.list({ namespace: 'shop', labelSelector: 'a=b', limit: 5 });
    await client().streams.list({ continue: 'next' });
    expect(paths()).toEqual([
      'GET /apis/image.openshift.io/v1/namespaces/shop/imagestreams?labelSelector=a%3Db&limit=5',
      'GET /apis/image.openshift.io/v1/imagestreams?continue=next',
    ]);
  });

  it('follows the pages of a long list and keeps the first version', async () => {
    server.script(
      json(200, { items: [STREAM], metadata: { resourceVersion: '9', continue: 'two' } }),
      json(200, { items: [STREAM], metadata: { resourceVersion: '12' } }),
    );
    const list = await client().streams.listAll({ namespace: 'shop' });
    expect(list.items).toHaveLength(2);
    expect(list.metadata).toEqual({ resourceVersion: '9' });
    expect(server.requests[1]?.url.searchParams.get('continue')).toBe('two');
  });

  it('creates, replaces and deletes, also as a dry run', async () => {
    server.script(json(201, STREAM));
    const { streams } = client();
    await streams.create(STREAM, { dryRun: true });
    await streams.replace(STREAM);
    await streams.delete({ namespace: 'shop', name: 'web' }, { preconditions: { uid: 'u1' } });
    expect(paths()).toEqual([
      'POST /apis/image.openshift.io/v1/namespaces/shop/imagestreams?dryRun=All',
      'PUT /apis/image.openshift.io/v1/namespaces/shop/imagestreams/web',
      'DELETE /apis/image.openshift.io/v1/namespaces/shop/imagestreams/web',
    ]);
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual(STREAM);
    expect(JSON.parse(server.requests[2]?.body ?? '')).toMatchObject({
      preconditions: { uid: 'u1' },
    });
  });

  it('asks for checks, histories and the queue', async () => {
    server.script(json(200, {}));
    await client().checks.get({ namespace: 'shop', name: 'web' });
    await client().checks.list({ namespace: 'shop' });
    await client().history.list({ namespace: 'shop', name: 'web', tag: '1.0' }, { limit: 3 });
    await client().queueMetrics();
    expect(paths()).toEqual([
      'GET /apis/tagtrail.dev/v1/namespaces/shop/imagestreamchecks/web',
      'GET /apis/tagtrail.dev/v1/namespaces/shop/imagestreamchecks',
      'GET /apis/tagtrail.dev/v1/namespaces/shop/imagestreamhistories/web%3A1.0?limit=3',
      'GET /queue-metrics.json',
    ]);
  });

  it('reads and writes tags, and reads images', async () => {
    server.script(json(200, {}));
    const { tags, images } = client();
    const tag: ImageStreamTag = {
      kind: 'ImageStreamTag',
      apiVersion: IMAGE_API_VERSION,
      metadata: { name: 'web:1', namespace: 'shop' },
    };
    await tags.get({ namespace: 'shop', name: 'web:1' });
    await tags.create(tag);
    await tags.replace(tag);
    await tags.delete({ namespace: 'shop', name: 'web:1' });
    await images.getOfStream({ namespace: 'shop', name: 'web@sha256:1' });
    await images.get('sha256:1');
    const group = '/apis/image.openshift.io/v1';
    expect(paths()).toEqual([
      `GET ${group}/namespaces/shop/imagestreamtags/web:1`,
      `POST ${group}/namespaces/shop/imagestreamtags`,
      `PUT ${group}/namespaces/shop/imagestreamtags/web:1`,
      `DELETE ${group}/namespaces/shop/imagestreamtags/web:1`,
      `GET ${group}/namespaces/shop/imagestreamimages/web@sha256:1`,
      `GET ${group}/images/sha256:1`,
    ]);
    expect(JSON.parse(server.requests[1]?.body ?? '')).toEqual(tag);
  });

  it('follows the pages of a list of tags', async () => {
    server.script(
      json(200, { items: [1], metadata: { continue: 'two' } }),
      json(200, { items: [2], metadata: {} }),
    );
    expect(await client().tags.listAll({ labelSelector: 'a=b' })).toEqual([1, 2]);
    expect(paths()).toEqual([
      'GET /apis/image.openshift.io/v1/imagestreamtags?limit=500&labelSelector=a%3Db',
      'GET /apis/image.openshift.io/v1/imagestreamtags?limit=500&labelSelector=a%3Db&continue=two',
    ]);
  });

  it('ends a list of tags that never ends', async () => {
    server.script(json(200, { items: [], metadata: { continue: 'more' } }));
    const error = await failureOf(client().tags.listAll());
    expect(error.message).toBe('the list of tags has more than 1000 pages');
  });

  const wanted: ImageStreamImport = {
    kind: 'ImageStreamImport',
    apiVersion: IMAGE_API_VERSION,
    metadata: { name: 'web', namespace: 'shop', creationTimestamp: null },
    spec: { import: true },
    status: {},
  };

  it('imports images', async () => {
    const answer = { ...wanted, status: { images: [] } };
    server.script(json(201, answer));
    expect(await client().imageStreamImports.create(wanted)).toEqual(answer);
    expect(paths()).toEqual([
      'POST /apis/image.openshift.io/v1/namespaces/shop/imagestreamimports',
    ]);
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual(wanted);
  });

  it('waits for an import no longer than told', async () => {
    server.script(() => undefined);
    const waiting = client().imageStreamImports.create(wanted, { timeout: 50 });
    const error = await failureOf(waiting);
    expect(error).toMatchObject({ code: 0, cause: { name: 'TimeoutError' } });
    expect(error.message).toContain('no answer in time');
  });

  it('throws the Status that the API refused with', async () => {
    const target = { group: 'image.openshift.io', resource: 'imagestreams', kind: 'ImageStream' };
    server.script(json(404, notFound({ ...target, name: 'web' })));
    const error = await failureOf(client().streams.get({ namespace: 'shop', name: 'web' }));
    expect(error).toMatchObject({ code: 404, retryable: false, status: { reason: 'NotFound' } });
    expect(error.message).toBe('imagestreams.image.openshift.io "web" not found');
  });

  it('says so when a proxy answers in the place of the API', async () => {
    server.script((response) => void response.writeHead(502).end('<h1>Bad Gateway</h1>'));
    const error = await failureOf(client().queueMetrics());
    expect(error).toMatchObject({ code: 502, retryable: true });
    expect(error.message).toContain(`${server.url} answered 502 without a Status`);
  });

  it('says so when an answer is not JSON', async () => {
    server.script((response) => void response.end('<h1>Welcome</h1>'));
    const error = await failureOf(client().queueMetrics());
    expect(error).toMatchObject({ retryable: false });
    expect(error.message).toContain('answered something that is not JSON');
  });

  it('names the server that can not be reached, and never the token', async () => {
    const { url } = server;
    await server[Symbol.asyncDispose]();
    const error = await failureOf(createApiClient({ server: url, token: TOKEN }).queueMetrics());
    expect(error).toMatchObject({ code: 0, retryable: true });
    expect(error.message).toBe(`cannot reach the Tagtrail API at ${url}: connection refused`);
    expect(JSON.stringify(error.status)).not.toContain(TOKEN);
    server = await openScriptedServer();
  });

  it('says so when the server does not speak TLS, and does not promise that it will', async () => {
    const secure = server.url.replace('http:', 'https:');
    const error = await failureOf(createApiClient({ server: secure, token: TOKEN }).queueMetrics());
    expect(error).toMatchObject({ code: 0, retryable: false });
    expect(error.message).toBe(
      `cannot reach the Tagtrail API at ${secure}: it does not speak TLS; is it an http:// address?`,
    );
  });

  it.each([
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'is not signed by an authority that is trusted here'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'is for other host names'],
    ['CERT_HAS_EXPIRED', 'has expired'],
  ])('says in words what is wrong with a certificate: %s', async (code, words) => {
    const cause = Object.assign(new Error('its own words'), { code });
    const refusing = () => Promise.reject(new TypeError('fetch failed', { cause }));
    const error = await failureOf(
      createApiClient({ server: 'https://host', fetch: refusing }).queueMetrics(),
    );
    expect(error).toMatchObject({ code: 0, retryable: false });
    expect(error.message).toContain(`https://host: its certificate ${words}`);
  });

  it('does not take its token to where a redirect leads', async () => {
    server.script((response) => void response.writeHead(302, { location: '/elsewhere' }).end());
    const error = await failureOf(client().queueMetrics());
    expect(error.code).toBe(0);
    expect(server.requests).toHaveLength(1);
  });

  it('passes on the abort of its caller', async () => {
    server.script(() => undefined);
    const stop = new AbortController();
    const waiting = client().queueMetrics({ signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('refuses an address that is none, or that holds credentials', () => {
    expect(() => createApiClient({ server: 'localhost:8420' })).toThrow('http:// or https://');
    expect(() => createApiClient({ server: 'http://me:secret@host' })).toThrow('credentials');
  });
});

async function failureOf(request: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error(`no ApiError: ${String(error)}`);
  return error;
}
