import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, aStream, digest, moveTag } from '../testing/a-stream.ts';
import { imageDocument } from '../testing/an-image.ts';
import {
  type ImportsForTest,
  imageFrom,
  openImportsForTest,
} from '../testing/open-imports-for-test.ts';

const STREAMS = '/apis/image.openshift.io/v1/namespaces/shop/imagestreams';
const TAGS = '/apis/image.openshift.io/v1/namespaces/shop/imagestreamtags';
const HOST = 'registry.example.com:5000';
const json = { 'content-type': 'application/json' };
const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };

describe('an API that knows the registry of its streams', () => {
  let api: ImportsForTest;
  const key = { namespace: 'shop', name: 'web' };

  beforeAll(async () => {
    api = await openImportsForTest({ TAGTRAIL_API_REGISTRY_HOSTNAME: HOST });
    api.workers.registry['quay.io/acme/app:v1'] = { digest: digest('2') };
    const { spec, ...stream } = aStream('web', { sources: { latest: 'quay.io/acme/web:latest' } });
    const tags = spec.tags?.map((tag) => ({ ...tag, referencePolicy: { type: 'Local' } as const }));
    const created = await api.client.streams.create({
      ...stream,
      spec: { ...spec, ...(tags && { tags }) },
    });
    expect(created.status.dockerImageRepository).toBe(`${HOST}/shop/web`);
    await moveTag(api.store, { ...key, tag: 'latest' }, anEvent(), imageDocument);
  });

  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  it('answers the repository of a stream wherever it answers the stream', async () => {
    const repository = `${HOST}/shop/web`;
    const got = await api.client.streams.get(key);
    expect(got.status.dockerImageRepository).toBe(repository);
    const { items } = await api.client.streams.list({ namespace: 'shop' });
    expect(items.map(({ status }) => status.dockerImageRepository)).toEqual([repository]);
    const { answer } = await api.ask(STREAMS, { headers: table });
    expect(answer['rows']).toMatchObject([
      { cells: ['web', repository, 'latest', expect.any(String), 'Fresh'] },
    ]);
    const selected = await api.client.streams.list({
      fieldSelector: `status.dockerImageRepository=${repository}`,
    });
    expect(selected.items).toHaveLength(1);
    const stop = new AbortController();
    for await (const { object } of api.client.streams.watch({
      namespace: 'shop',
      signal: stop.signal,
    })) {
      expect(object).toMatchObject({ status: { dockerImageRepository: repository } });
      stop.abort();
    }
  });

  it('answers it to imports and to dry runs, too', async () => {
    const spec = { import: true, images: [imageFrom('quay.io/acme/app:v1')] };
    const { status } = await api.importTo('imported', spec);
    expect(status.import?.status.dockerImageRepository).toBe(`${HOST}/shop/imported`);
    const tried = await api.client.streams.create(aStream('tried'), { dryRun: true });
    expect(tried.status.dockerImageRepository).toBe(`${HOST}/shop/tried`);
  });

  it('resolves tags that are to be pulled from it', async () => {
    const { answer } = await api.ask(`${TAGS}/web:latest`);
    expect(answer['image']).toMatchObject({
      dockerImageReference: `${HOST}/shop/web@${digest('1')}`,
    });
  });

  it('stores nothing of it', async () => {
    const current = await api.client.streams.get(key);
    const replaced = await api.client.streams.replace(current);
    expect(replaced.metadata.resourceVersion).toBe(current.metadata.resourceVersion);
    const labels = { team: 'a' };
    await api.client.streams.replace({ ...current, metadata: { ...current.metadata, labels } });
    const stored = await api.store.streams.read(key);
    expect(stored).toMatchObject({ metadata: { labels }, status: { dockerImageRepository: '' } });
    await api.client.streams.delete({ namespace: 'shop', name: 'imported' });
    expect(await api.store.streams.read({ namespace: 'shop', name: 'imported' })).toBeUndefined();
  });

  it('tells its own repository in the place of the one that a stream follows', async () => {
    const dockerImageRepository = 'quay.io/acme/web';
    const stream = { ...aStream('following'), spec: { dockerImageRepository } };
    const created = await api.client.streams.create(stream);
    expect(created).toMatchObject({
      spec: { dockerImageRepository },
      status: { dockerImageRepository: `${HOST}/shop/following` },
    });
    const stored = await api.store.streams.read({ namespace: 'shop', name: 'following' });
    expect(stored?.status.dockerImageRepository).toBe(dockerImageRepository);
  });
});

describe('a stream all of whose tags may be insecure', () => {
  let api: ImportsForTest;
  const annotations = { 'openshift.io/image.insecureRepository': 'true' };

  beforeAll(async () => {
    api = await openImportsForTest();
    api.workers.registry['quay.io/acme/app:v1'] = { digest: digest('2') };
  });

  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const send = (method: string, path: string, body: object) =>
    api.ask(path, { method, headers: json, body: JSON.stringify(body) });

  const insecure = (name: string, value = 'true') => {
    const { metadata, ...rest } = aStream(name);
    const changed = { ...annotations, 'openshift.io/image.insecureRepository': value };
    return { ...rest, metadata: { ...metadata, annotations: changed } };
  };

  it('is warned of by every write', async () => {
    const warnings: (string | null)[] = [];
    const created = await send('POST', STREAMS, insecure('lax'));
    warnings.push(created.headers.get('warning'));
    const replaced = await send('PUT', `${STREAMS}/lax`, created.answer);
    warnings.push(replaced.headers.get('warning'));
    const tag = { metadata: { name: 'lax:v1' }, tag: imageFrom('quay.io/acme/app:v1') };
    warnings.push((await send('PUT', `${TAGS}/lax:v1`, tag)).headers.get('warning'));
    const spec = { import: true, images: [imageFrom('quay.io/acme/app:v1')] };
    warnings.push((await api.importTo('lax', spec)).headers.get('warning'));
    expect(new Set(warnings).size).toBe(1);
    expect(warnings[0]).toMatch(
      /^299 - "[^"]*prefer importPolicy\.insecure on the single tags[^"]*"$/,
    );
  });

  it('is not warned of by reads, and other streams are not at all', async () => {
    expect((await api.ask(`${STREAMS}/lax`)).headers.get('warning')).toBeNull();
    const strict = await send('POST', STREAMS, insecure('strict', 'false'));
    expect([strict.code, strict.headers.get('warning')]).toEqual([201, null]);
    const tag = { metadata: { name: 'new:v1' }, tag: imageFrom('quay.io/acme/app:v1') };
    const tagged = await send('PUT', `${TAGS}/new:v1`, tag);
    expect([tagged.code, tagged.headers.get('warning')]).toEqual([201, null]);
  });
});
