import { type Grant, type Principal, permits } from '@tagtrail/access-control';
import { createLogger, createMetrics } from '@tagtrail/observability';
import type { FastifyRequest } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { createServer } from './create-server.ts';
import { servePath } from './endpoints.ts';
import { createRequestMetrics } from './request-metrics.ts';
import { principalOf } from './request-principal.ts';
import { RunningRequests } from './running-requests.ts';

const GRANTS: Readonly<Record<string, readonly Grant[]>> = {
  viewer: [{ role: 'view', namespace: 'demo' }],
  editor: [{ role: 'edit', namespace: 'demo' }],
  overseer: [{ role: 'view', namespace: '*' }],
  editors: [{ role: 'edit', namespace: '*' }],
  owner: [{ role: 'admin', namespace: '*' }],
};

function principalNamed(name: string): Principal | undefined {
  const grants = GRANTS[name];
  return grants && { name, tokenId: name, grants };
}

const app = createServer({
  rules: {
    // A token is the name of who has it.
    authenticator: {
      authenticate: async (name) => principalNamed(name),
      find: async (name) => principalNamed(name),
    },
    allowedHosts: [],
    certificate: undefined,
    plainHttpForAll: true,
  },
  logger: createLogger({ name: 'test', level: 'silent', format: 'json' }),
  metrics: createRequestMetrics(createMetrics('test')),
  running: new RunningRequests(),
  maxWatches: 10,
  certificate: undefined,
});

let bodies = 0;
const answer = () => ({ ok: true });

beforeAll(() => {
  app.addHook('preParsing', async () => {
    bodies += 1;
  });
  const namespaced = '/apis/image.openshift.io/v1/namespaces/:namespace/imagestreams';
  servePath(app, {
    url: `${namespaced}/:name`,
    resource: 'imagestreams',
    methods: { DELETE: { verb: 'delete', answer }, PUT: { verb: 'update', answer } },
  });
  const list = { GET: { verb: 'list', answer } } as const;
  servePath(app, { url: namespaced, resource: 'imagestreams', methods: list });
  servePath(app, { url: '/streams', resource: 'imagestreams', methods: list });
  servePath(app, {
    url: '/api/v1/namespaces/:namespace/secrets/:name',
    resource: 'secrets',
    methods: { GET: { verb: 'get', answer } },
  });
  servePath(app, { url: '/metrics', resource: 'status', methods: list });
  servePath(app, {
    url: '/forgotten',
    resource: 'forgotten',
    methods: { GET: { verb: 'get', answer } },
  });
});

async function ask(name: string, url: string, method: 'GET' | 'PUT' | 'DELETE' | 'PATCH' = 'GET') {
  const headers = { host: 'localhost', authorization: `Bearer ${name}` };
  const response = await app.inject({ url, method, headers });
  return { code: response.statusCode, answer: response.json() as Record<string, unknown> };
}

const ONE = '/apis/image.openshift.io/v1/namespaces/demo/imagestreams/web';

describe("what a token may not do is refused in Kubernetes' words", () => {
  it.each<[message: string, name: string, url: string, method?: 'PUT' | 'DELETE' | 'PATCH']>([
    [
      'imagestreams.image.openshift.io "web" is forbidden: token "viewer" cannot delete resource "imagestreams" in API group "image.openshift.io" in the namespace "demo"',
      'viewer',
      ONE,
      'DELETE',
    ],
    [
      'imagestreams.image.openshift.io "web" is forbidden: token "viewer" cannot patch resource "imagestreams" in API group "image.openshift.io" in the namespace "demo"',
      'viewer',
      ONE,
      'PATCH',
    ],
    [
      'imagestreams.image.openshift.io is forbidden: token "editor" cannot list resource "imagestreams" in API group "image.openshift.io" at the cluster scope',
      'editor',
      '/streams',
    ],
    [
      'imagestreams.image.openshift.io is forbidden: token "editor" cannot watch resource "imagestreams" in API group "image.openshift.io" at the cluster scope',
      'editor',
      '/streams?watch=true',
    ],
    [
      'secrets "regcred" is forbidden: token "viewer" cannot get resource "secrets" in API group "" in the namespace "demo"',
      'viewer',
      '/api/v1/namespaces/demo/secrets/regcred',
    ],
    ['forbidden: token "viewer" cannot list path "/metrics"', 'viewer', '/metrics?hunter2'],
  ])('%s', async (message, name, url, method) => {
    const refused = await ask(name, url, method);
    expect(refused).toMatchObject({ code: 403, answer: { reason: 'Forbidden', message } });
  });

  it('with the resource in details, which clients read', async () => {
    const { answer: status } = await ask('viewer', ONE, 'DELETE');
    expect(status['details']).toEqual({
      name: 'web',
      group: 'image.openshift.io',
      kind: 'imagestreams',
    });
  });
});

it('a path that is open to all has no principal to ask about', () => {
  const request = { principal: undefined, url: '/healthz?verbose' } as FastifyRequest;
  expect(() => principalOf(request)).toThrow('nobody was authenticated for /healthz');
});

describe('authorizeRequest', () => {
  it('decides before a body is read', async () => {
    bodies = 0;
    const headers = { host: 'localhost', authorization: 'Bearer viewer' };
    const payload = { kind: 'ImageStream' };
    expect((await app.inject({ url: ONE, method: 'PUT', headers, payload })).statusCode).toBe(403);
    expect(bodies).toBe(0);
  });

  it('gives to nobody but an admin of everything what nobody decided about', async () => {
    for (const name of ['viewer', 'editor', 'overseer', 'editors']) {
      expect((await ask(name, '/forgotten')).code).toBe(403);
    }
    expect((await ask('owner', '/forgotten')).code).toBe(200);
  });

  it('tells nobody of a path that is not there', async () => {
    expect((await ask('viewer', '/nowhere')).code).toBe(404);
    expect((await ask('nobody', '/nowhere')).code).toBe(401);
  });

  it('compares the namespace of the path, whatever it is', async () => {
    for (const namespace of ['demo', 'shop', 'DEMO', 'demo%2F', '%2A', '']) {
      const url = `/apis/image.openshift.io/v1/namespaces/${namespace}/imagestreams`;
      const isOwn = permits({ grants: GRANTS['viewer'] ?? [] }, 'view', namespace);
      expect([namespace, (await ask('viewer', url)).code]).toEqual([namespace, isOwn ? 200 : 403]);
      expect((await ask('overseer', url)).code).toBe(200);
    }
  });
});
