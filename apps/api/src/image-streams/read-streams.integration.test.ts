import type { ImageStream } from '@tagtrail/image-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aStream } from '../testing/a-stream.ts';
import { type ApiForTest, openApiForTest } from '../testing/open-api-for-test.ts';

const GROUP_VERSION = '/apis/image.openshift.io/v1';
const TABLE =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

describe('reading image streams', () => {
  let api: ApiForTest;

  beforeAll(async () => {
    api = await openApiForTest();
  });

  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const pathOf = (namespace: string, name?: string) =>
    `${GROUP_VERSION}/namespaces/${namespace}/imagestreams${name === undefined ? '' : `/${name}`}`;

  describe('get', () => {
    it('answers a stream that is not there with a Status', async () => {
      const { code, answer } = await api.ask(pathOf('get', 'nothing'));
      expect(code).toBe(404);
      expect(answer).toMatchObject({
        reason: 'NotFound',
        message: 'imagestreams.image.openshift.io "nothing" not found',
        details: { name: 'nothing', group: 'image.openshift.io', kind: 'imagestreams' },
      });
    });

    it('draws a Table of one row for kubectl', async () => {
      await api.client.streams.create(aStream('drawn', { namespace: 'get' }));
      const { answer } = await api.ask(pathOf('get', 'drawn'), { headers: { accept: TABLE } });
      expect(answer).toMatchObject({
        kind: 'Table',
        apiVersion: 'meta.k8s.io/v1',
        rows: [{ cells: ['drawn', '', '', '', ''], object: { kind: 'PartialObjectMetadata' } }],
      });
    });

    it('refuses a client that takes nothing it can write', async () => {
      const { code, answer } = await api.ask(pathOf('get', 'x'), {
        headers: { accept: 'application/yaml' },
      });
      expect(code).toBe(406);
      expect(answer).toMatchObject({ reason: 'NotAcceptable' });
    });
  });

  describe('list', () => {
    beforeAll(async () => {
      for (const index of [1, 2, 3, 4, 5]) {
        const labels = { parity: index % 2 === 0 ? 'even' : 'odd' };
        await api.client.streams.create(aStream(`s${index}`, { namespace: 'list', labels }));
      }
    });

    const names = (items: readonly ImageStream[]) => items.map(({ metadata }) => metadata.name);

    it('selects by label and by field', async () => {
      const { streams } = api.client;
      const even = await streams.list({ namespace: 'list', labelSelector: 'parity=even' });
      expect(names(even.items)).toEqual(['s2', 's4']);
      const one = await streams.list({ namespace: 'list', fieldSelector: 'metadata.name=s3' });
      expect(names(one.items)).toEqual(['s3']);
      const others = await streams.list({
        fieldSelector: 'metadata.namespace=list,metadata.name!=s1',
      });
      expect(names(others.items)).toEqual(['s2', 's3', 's4', 's5']);
    });

    it('pages, and pages what a selector leaves too', async () => {
      const { streams } = api.client;
      const first = await streams.list({ namespace: 'list', limit: 2 });
      expect(names(first.items)).toEqual(['s1', 's2']);
      expect(first.metadata.remainingItemCount).toBe(3);
      const odd = { namespace: 'list', labelSelector: 'parity=odd', limit: 2 };
      const page = await streams.list(odd);
      expect(names(page.items)).toEqual(['s1', 's3']);
      expect(page.metadata.remainingItemCount).toBeUndefined();
      const rest = await streams.list({ ...odd, continue: page.metadata.continue ?? '' });
      expect(names(rest.items)).toEqual(['s5']);
      expect(rest.metadata.continue).toBeUndefined();
      expect(rest.metadata.resourceVersion).toBe(page.metadata.resourceVersion);
    });

    it('lists all namespaces, and a Table of them', async () => {
      const { answer } = await api.ask(`${GROUP_VERSION}/imagestreams?limit=500`, {
        headers: { accept: TABLE },
      });
      expect(answer).toMatchObject({
        kind: 'Table',
        columnDefinitions: [{ name: 'Name' }, {}, {}, {}, { name: 'Freshness' }],
      });
      const all = await api.client.streams.listAll();
      expect((answer['rows'] as unknown[]).length).toBe(all.items.length);
      expect(new Set(all.items.map(({ metadata }) => metadata.namespace)).has('list')).toBe(true);
    });

    it.each([
      ['labelSelector=a%20b%20c', 400],
      ['fieldSelector=spec.color%3Dred', 400],
      ['limit=-1', 400],
      ['limit=many', 400],
      ['continue=invented', 400],
      ['resourceVersion=abc', 400],
      ['resourceVersion=999999999', 504],
      ['resourceVersion=1&resourceVersionMatch=Exact', 410],
      ['sendInitialEvents=true', 422],
      ['watch=true&sendInitialEvents=true', 422],
      ['includeObject=Everything', 400],
    ])('refuses ?%s with %i', async (query, code) => {
      const given = await api.ask(`${pathOf('list')}?${query}`);
      expect(given.code).toBe(code);
      expect(given.answer).toMatchObject({ kind: 'Status', code });
    });
  });

  it('has no other verbs, and says which it has', async () => {
    const patched = await api.ask(pathOf('verbs', 'x'), { method: 'PATCH' });
    expect(patched.code).toBe(405);
    expect(patched.headers.get('allow')).toBe('GET, PUT, DELETE');
    expect((await api.ask(pathOf('verbs'), { method: 'DELETE' })).code).toBe(405);
  });
});
