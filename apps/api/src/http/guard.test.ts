import { createLogger, createMetrics } from '@tagtrail/observability';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { apiTokenOnly } from '../testing/api-token-only.ts';
import { createServer } from './create-server.ts';
import { servePath } from './endpoints.ts';
import type { GuardRules } from './guard.ts';
import { createRequestMetrics } from './request-metrics.ts';
import { RunningRequests } from './running-requests.ts';

const TOKEN = 'a-token-for-tests-only';
/** An address for documents, which is nobody's. Source: RFC 5737. */
const ELSEWHERE = '203.0.113.7';
const CERTIFICATE = {
  covers: (host: string) => ['tags.example.com', '2001:db8::1'].includes(host),
};

function serve(rules: Partial<GuardRules>): FastifyInstance {
  const app = createServer({
    rules: {
      authenticator: apiTokenOnly(TOKEN),
      allowedHosts: [],
      certificate: undefined,
      plainHttpForAll: false,
      ...rules,
    },
    logger: createLogger({ name: 'test', level: 'silent', format: 'json' }),
    metrics: createRequestMetrics(createMetrics('test')),
    running: new RunningRequests(),
    maxWatches: 10,
    certificate: undefined,
  });
  for (const url of ['/', '/assets/page.js', '/apis', '/moves', '/healthz', '/readyz']) {
    const answer = () => ({ here: url });
    servePath(app, { url, resource: 'status', methods: { GET: { verb: 'get', answer } } });
  }
  return app;
}

async function ask(
  app: FastifyInstance,
  url: string,
  from: { remoteAddress?: string; host?: string; [header: string]: string | undefined } = {},
) {
  const { remoteAddress = '127.0.0.1', host = 'localhost', ...more } = from;
  const given = Object.entries({ host, authorization: `Bearer ${TOKEN}`, ...more });
  const headers = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  const response = await app.inject({ url, remoteAddress, headers });
  return { code: response.statusCode, answer: response.json() as Record<string, unknown> };
}

describe('guardRequest', () => {
  it.each([ELSEWHERE, `::ffff:${ELSEWHERE}`, '2001:db8::7', '10.0.0.7'])(
    'refuses plain HTTP from %s, and says why, whatever the token',
    async (remoteAddress) => {
      const app = serve({});
      for (const more of [{}, { authorization: 'Bearer wrong' }, { host: 'evil.example.com' }]) {
        const { code, answer } = await ask(app, '/apis', { remoteAddress, ...more });
        expect(code).toBe(403);
        expect(answer).toMatchObject({ kind: 'Status', reason: 'Forbidden' });
        expect(answer['message']).toMatch(/https only.*read on its way.*api\.allowPlainHttp/);
      }
    },
  );

  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])(
    'answers plain HTTP from %s, also when a proxy there passes it on',
    async (remoteAddress) => {
      const app = serve({});
      expect((await ask(app, '/apis', { remoteAddress })).code).toBe(200);
      const forwarded = { remoteAddress, 'x-forwarded-for': ELSEWHERE };
      expect((await ask(app, '/apis', forwarded)).code).toBe(200);
    },
  );

  it('answers supervisors over plain HTTP: they send no token and learn nothing', async () => {
    const app = serve({});
    expect((await ask(app, '/healthz', { remoteAddress: ELSEWHERE })).code).toBe(200);
    expect((await ask(app, '/readyz?verbose', { remoteAddress: ELSEWHERE })).code).toBe(200);
    expect((await ask(app, '/', { remoteAddress: ELSEWHERE })).code).toBe(403);
  });

  it.each(['/', '/assets/page.js'])(
    'sends %s, a part of the dashboard, to whom the API may answer, without a token',
    async (url) => {
      const app = serve({ plainHttpForAll: true });
      const nobody = { remoteAddress: ELSEWHERE, authorization: undefined };
      expect((await ask(app, url, nobody)).code).toBe(200);
      expect((await ask(app, '/apis', nobody)).code).toBe(401);
      expect((await ask(app, '/moves', nobody)).code).toBe(401);
      expect((await ask(app, url, { ...nobody, host: 'evil.example.com' })).code).toBe(403);
      expect((await ask(serve({}), url, nobody)).code).toBe(403);
    },
  );

  it('answers everybody over plain HTTP when that is allowed', async () => {
    const app = serve({ plainHttpForAll: true });
    expect((await ask(app, '/apis', { remoteAddress: ELSEWHERE })).code).toBe(200);
  });

  it.each(['tags.example.com', 'TAGS.example.com:8420', '[2001:db8::1]:8420'])(
    'answers to %s, a name of the certificate',
    async (host) => {
      expect((await ask(serve({ certificate: CERTIFICATE }), '/apis', { host })).code).toBe(200);
      expect((await ask(serve({}), '/apis', { host })).code).toBe(403);
    },
  );

  it('answers to no other names because there is a certificate', async () => {
    const app = serve({ certificate: CERTIFICATE });
    expect((await ask(app, '/apis', { host: 'evil.example.com' })).code).toBe(403);
  });
});
