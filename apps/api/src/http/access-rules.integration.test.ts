import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type Grant, permits, type Role } from '@tagtrail/access-control';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grantedToken } from '../testing/access-for-test.ts';
import { type ApiForTest, openApiForTest } from '../testing/open-api-for-test.ts';

const IMAGE = '/apis/image.openshift.io/v1';
const OWN = '/apis/tagtrail.dev/v1';

/** What each path and method needs: below a namespace in that namespace, otherwise everywhere. */
const NEEDS: Readonly<Record<string, Role | 'nothing' | 'any token' | 'admin of something'>> = {
  'GET /': 'nothing',
  'HEAD /': 'nothing',
  'GET /healthz': 'nothing',
  'GET /readyz': 'nothing',
  'GET /api': 'any token',
  'GET /apis': 'any token',
  'GET /api/v1': 'any token',
  'GET /apis/image.openshift.io': 'any token',
  [`GET ${IMAGE}`]: 'any token',
  'GET /apis/tagtrail.dev': 'any token',
  [`GET ${OWN}`]: 'any token',
  'GET /version': 'any token',
  'GET /openapi/v2': 'any token',
  'GET /metrics': 'view',
  'GET /moves': 'view',
  'GET /queue-metrics.json': 'view',
  [`GET ${OWN}/overview`]: 'view',
  [`GET ${OWN}/archive`]: 'view',
  [`POST ${OWN}/archive`]: 'admin',
  [`POST ${OWN}/archive/begin`]: 'admin',
  [`POST ${OWN}/archive/existing`]: 'view',
  'GET /api/v1/namespaces': 'view',
  'GET /api/v1/namespaces/:namespace': 'view',
  'GET /api/v1/events': 'view',
  'GET /api/v1/namespaces/:namespace/events': 'view',
  'GET /api/v1/secrets': 'edit',
  'GET /api/v1/namespaces/:namespace/secrets': 'edit',
  'POST /api/v1/namespaces/:namespace/secrets': 'edit',
  'GET /api/v1/namespaces/:namespace/secrets/:name': 'edit',
  'PUT /api/v1/namespaces/:namespace/secrets/:name': 'edit',
  'DELETE /api/v1/namespaces/:namespace/secrets/:name': 'edit',
  [`GET ${IMAGE}/images/:name`]: 'view',
  [`GET ${IMAGE}/imagestreams`]: 'view',
  [`GET ${IMAGE}/namespaces/:namespace/imagestreams`]: 'view',
  [`POST ${IMAGE}/namespaces/:namespace/imagestreams`]: 'edit',
  [`GET ${IMAGE}/namespaces/:namespace/imagestreams/:name`]: 'view',
  [`PUT ${IMAGE}/namespaces/:namespace/imagestreams/:name`]: 'edit',
  [`DELETE ${IMAGE}/namespaces/:namespace/imagestreams/:name`]: 'edit',
  [`GET ${IMAGE}/imagestreamtags`]: 'view',
  [`GET ${IMAGE}/namespaces/:namespace/imagestreamtags`]: 'view',
  [`POST ${IMAGE}/namespaces/:namespace/imagestreamtags`]: 'edit',
  [`GET ${IMAGE}/namespaces/:namespace/imagestreamtags/:name`]: 'view',
  [`PUT ${IMAGE}/namespaces/:namespace/imagestreamtags/:name`]: 'edit',
  [`DELETE ${IMAGE}/namespaces/:namespace/imagestreamtags/:name`]: 'edit',
  [`GET ${IMAGE}/namespaces/:namespace/imagestreamimages/:name`]: 'view',
  [`POST ${IMAGE}/namespaces/:namespace/imagestreamimports`]: 'edit',
  [`GET ${OWN}/imagestreamchecks`]: 'view',
  [`GET ${OWN}/namespaces/:namespace/imagestreamchecks`]: 'view',
  [`GET ${OWN}/namespaces/:namespace/imagestreamchecks/:name`]: 'view',
  [`GET ${OWN}/namespaces/:namespace/imagestreamhistories/:name`]: 'view',
  [`GET ${OWN}/accesstokens`]: 'admin of something',
  [`POST ${OWN}/accesstokens`]: 'admin of something',
  [`GET ${OWN}/accesstokens/:name`]: 'admin of something',
  [`DELETE ${OWN}/accesstokens/:name`]: 'admin of something',
};

interface Route {
  readonly method: string;
  readonly url: string;
  readonly isServed: boolean;
}

let api: ApiForTest;
const routes: Route[] = [];

beforeAll(async () => {
  subscribe('fastify.initialization', collectRoutes);
  api = await openApiForTest();
  unsubscribe('fastify.initialization', collectRoutes);
});
afterAll(() => api[Symbol.asyncDispose]());

function collectRoutes(message: unknown): void {
  const { fastify } = message as { fastify: FastifyInstance };
  fastify.addHook('onRoute', ({ method, url, config }) => {
    // The files of the dashboard are there only where it was built.
    if (config?.resource === 'dashboard' && url !== '/') return;
    const isServed = config?.verb !== undefined;
    for (const one of [method].flat()) routes.push({ method: one, url, isServed });
  });
}

/** The status code of an answer, whose body is not waited for: some have no end. */
async function codeOf({ method, url }: Route, token?: string): Promise<number> {
  const path = url.replace(':namespace', 'demo').replace(':name', 'x');
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${api.url}${path}`, { method, headers });
  await response.body?.cancel();
  return response.status;
}

const nameOf = ({ method, url }: Route) => `${method} ${url}`;

function isAllowed(route: Route, grants: readonly Grant[]): boolean {
  const need = NEEDS[nameOf(route)];
  if (need === undefined || need === 'nothing' || need === 'any token') return need !== undefined;
  if (need === 'admin of something') return grants.some(({ role }) => role === 'admin');
  return permits({ grants }, need, route.url.includes(':namespace') ? 'demo' : '*');
}

describe('who may do what', () => {
  it('is decided for every path and method that is served, and for no other', () => {
    const served = routes.filter(({ isServed }) => isServed).map(nameOf);
    expect(served.toSorted()).toEqual(Object.keys(NEEDS).toSorted());
  });

  it.each<[name: string, grants: readonly Grant[]]>([
    ['view in the namespace', [{ role: 'view', namespace: 'demo' }]],
    ['edit in the namespace', [{ role: 'edit', namespace: 'demo' }]],
    ['admin in the namespace', [{ role: 'admin', namespace: 'demo' }]],
    ['view everywhere', [{ role: 'view', namespace: '*' }]],
    ['edit everywhere', [{ role: 'edit', namespace: '*' }]],
    ['admin everywhere', [{ role: 'admin', namespace: '*' }]],
    ['view in another namespace', [{ role: 'view', namespace: 'other' }]],
    ['admin in another namespace', [{ role: 'admin', namespace: 'other' }]],
  ])('for a token with the role %s', async (_name, grants) => {
    const token = await grantedToken(api, grants);
    const refused: string[] = [];
    for (const route of routes.filter(({ isServed }) => isServed)) {
      if ((await codeOf(route, token)) === 403) refused.push(nameOf(route));
    }
    const expected = routes.filter((route) => route.isServed && !isAllowed(route, grants));
    expect(refused).toEqual(expected.map(nameOf));
  });

  it('is nothing for whoever has no token, or a wrong one, but what is open to all', async () => {
    const guarded = routes.filter((route) => NEEDS[nameOf(route)] !== 'nothing');
    const localOnly = ['/metrics', '/moves', '/queue-metrics.json'];
    const open = ['/', '/healthz', '/readyz'];
    for (const route of guarded.filter(({ url }) => !open.includes(url))) {
      expect([nameOf(route), await codeOf(route, 'wrong')]).toEqual([nameOf(route), 401]);
      if (localOnly.includes(route.url)) continue;
      expect([nameOf(route), await codeOf(route)]).toEqual([nameOf(route), 401]);
    }
  });

  it("is not told to another namespace's token by methods that are not served", async () => {
    const own = await grantedToken(api, [{ role: 'admin', namespace: 'demo' }]);
    const other = await grantedToken(api, [{ role: 'admin', namespace: 'other' }]);
    const unserved = routes.filter(({ url, isServed }) => !isServed && url.includes(':namespace/'));
    expect(unserved.length).toBeGreaterThan(20);
    for (const route of unserved) {
      const codes = [await codeOf(route, own), await codeOf(route, other)];
      expect([nameOf(route), ...codes]).toEqual([nameOf(route), 405, 403]);
    }
  });
});

describe('a namespace can not be passed by', () => {
  const streams = (namespace: string) => `${IMAGE}/namespaces/${namespace}/imagestreams`;
  let ask: (path: string) => Promise<number>;

  beforeAll(async () => {
    const authorization = `Bearer ${await grantedToken(api, [{ role: 'admin', namespace: 'demo' }])}`;
    ask = async (path) => (await api.ask(path, { headers: { authorization } })).code;
  });

  it('with the own one in order', async () => {
    expect(await ask(streams('demo'))).toBe(200);
  });

  it.each([
    ['no name', streams('')],
    ['an encoded slash', streams('demo%2Fother')],
    ['an encoded slash to everything', streams('other%2F..%2Fdemo')],
    ['the sign for everywhere', streams('*')],
    ['another case', streams('DEMO')],
    ['a space behind it', streams('demo%20')],
    ['a second one in the query', `${streams('other')}?namespace=demo`],
    ['a field selector', `${IMAGE}/imagestreams?fieldSelector=metadata.namespace%3Ddemo`],
    ['an export of one', `${OWN}/archive?namespace=demo`],
  ])('by %s', async (_how, path) => {
    expect(await ask(path)).toBe(403);
  });

  it.each([
    ['dots', '/namespaces/demo/../other/imagestreams'],
    ['encoded dots', '/namespaces/demo/%2E%2E/other/imagestreams'],
    ['two slashes', '//namespaces/demo/imagestreams'],
  ])('by %s', async (_how, path) => {
    expect([403, 404]).toContain(await ask(`${IMAGE}${path}`));
  });

  it('by a continue token that somebody made up', async () => {
    const place = { v: 1, rv: '1', after: '' };
    await api.client.streams.create({
      kind: 'ImageStream',
      apiVersion: 'image.openshift.io/v1',
      metadata: { name: 'web', namespace: 'another' },
      spec: {},
      status: { dockerImageRepository: '' },
    });
    const token = Buffer.from(JSON.stringify(place)).toString('base64url');
    for (const path of [streams('demo'), `${OWN}/namespaces/demo/imagestreamchecks`]) {
      const { answer } = await api.ask(`${path}?continue=${token}`);
      expect(answer['items']).toEqual([]);
    }
  });
});
