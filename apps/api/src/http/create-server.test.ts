import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { StoreError } from '@tagtrail/image-stream';
import { createLogger, createMetrics } from '@tagtrail/observability';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiTokenOnly } from '../testing/api-token-only.ts';
import { createServer } from './create-server.ts';
import { servePath } from './endpoints.ts';
import { createRequestMetrics } from './request-metrics.ts';
import { RunningRequests } from './running-requests.ts';

const TOKEN = 'a-token-for-tests-only';
const BEARER = { authorization: `Bearer ${TOKEN}` };

describe('createServer', () => {
  const metrics = createMetrics('test');
  const logged: string[] = [];
  let app: FastifyInstance;
  let port: number;

  beforeAll(async () => {
    const output = { write: (line: string) => logged.push(line) };
    const logger = createLogger({ name: 'test', level: 'debug', format: 'json', output });
    app = createServer({
      rules: {
        authenticator: apiTokenOnly(TOKEN),
        allowedHosts: ['tags.example.com', 'proxy:8443'],
        certificate: undefined,
        plainHttpForAll: true,
      },
      logger,
      metrics: createRequestMetrics(metrics),
      running: new RunningRequests(),
      maxWatches: 10,
      certificate: undefined,
    });
    const echo = {
      verb: 'create',
      answer: (request: { body: unknown }) => ({ got: request.body }),
    } as const;
    const failing: Readonly<Record<string, unknown>> = {
      away: new StoreError('unavailable', 'redis://secret-host is down'),
      old: new StoreError('expired', 'gone'),
      damaged: new StoreError('damaged', 'shop/web'),
      queue: Object.assign(new Error('secret'), { retryable: true }),
      bug: new TypeError('secret internals'),
    };
    servePath(app, { url: '/echo', resource: 'echoes', methods: { POST: echo } });
    servePath(app, {
      url: '/fail/:how',
      resource: 'failures',
      methods: {
        GET: {
          verb: 'get',
          answer: (request) => Promise.reject(failing[(request.params as { how: string }).how]),
        },
      },
    });
    for (const url of ['/', '/metrics', '/healthz']) {
      const answer = () => ({ here: url });
      servePath(app, { url, resource: 'status', methods: { GET: { verb: 'get', answer } } });
    }
    await app.listen({ host: '127.0.0.1', port: 0 });
    port = (app.server.address() as AddressInfo).port;
  });

  afterAll(async () => {
    await app.close();
  });

  interface Wish {
    readonly method?: string;
    readonly headers?: OutgoingHttpHeaders;
    readonly body?: string | Buffer;
    readonly token?: boolean;
  }

  async function ask(
    path: string,
    { method = 'GET', headers = {}, body, token = true }: Wish = {},
  ) {
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      path,
      method,
      agent: false,
      headers: { ...(token && BEARER), ...headers },
    });
    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const answer = JSON.parse(await text(response)) as Record<string, unknown>;
    return { code: response.statusCode, headers: response.headers, answer };
  }

  const post = (body: string | Buffer, type = 'application/json') =>
    ask('/echo', { method: 'POST', body, headers: { 'content-type': type } });

  describe('access', () => {
    it('asks for the token, and does not say whether it or the path was wrong', async () => {
      for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: TOKEN }]) {
        const { code, answer, headers: sent } = await ask('/nowhere', { token: false, headers });
        expect(code).toBe(401);
        expect(answer).toMatchObject({ kind: 'Status', reason: 'Unauthorized' });
        expect(sent['www-authenticate']).toBe('Bearer realm="tagtrail"');
      }
      expect((await ask('/healthz', { headers: { authorization: `bearer  ${TOKEN}` } })).code).toBe(
        200,
      );
    });

    it('shows pages and metrics to this machine without a token, but not with a wrong one', async () => {
      expect((await ask('/', { token: false })).code).toBe(200);
      expect((await ask('/metrics?x=1', { token: false })).code).toBe(200);
      const wrong = { token: false, headers: { authorization: 'Bearer wrong' } };
      expect((await ask('/metrics', wrong)).code).toBe(401);
    });

    it('does not take the peer for this machine when a proxy passed the request on', async () => {
      const forwarded = { token: false, headers: { 'x-forwarded-for': '203.0.113.7' } };
      expect((await ask('/metrics', forwarded)).code).toBe(401);
      expect((await ask('/healthz', forwarded)).code).toBe(200);
    });

    it.each([
      'localhost',
      'localhost:9999',
      '127.0.0.1',
      '[::1]:8420',
      'tags.example.com',
      'tags.example.com:1234',
      'proxy:8443',
      'LOCALHOST',
    ])('answers to the host name %s', async (host) => {
      expect((await ask('/', { headers: { host } })).code).toBe(200);
    });

    it.each([
      'evil.example.com',
      'localhost.evil.example.com',
      '127.0.0.1.evil.example.com',
      'proxy',
      'proxy:1',
      'user@localhost',
      '10.0.0.1:8420',
    ])('does not answer to the host name %s, as after DNS rebinding', async (host) => {
      const { code, answer } = await ask('/', { headers: { host } });
      expect(code).toBe(403);
      expect(answer['message']).toContain(JSON.stringify(host));
      expect(answer['message']).toContain('api.allowedHosts');
    });

    it('answers its own pages and no others', async () => {
      const host = `127.0.0.1:${port}`;
      const withOrigin = (origin: string) => ask('/', { headers: { host, origin } });
      expect((await withOrigin(`http://${host}`)).code).toBe(200);
      for (const origin of ['http://evil.example.com', 'null', `http://127.0.0.1:${port + 1}`]) {
        expect((await withOrigin(origin)).code).toBe(403);
      }
    });
  });

  describe('bodies', () => {
    it('reads JSON, also without a content type', async () => {
      expect((await post('{"a":1}', 'application/json; charset=utf-8')).answer).toEqual({
        got: { a: 1 },
      });
      const untyped = await ask('/echo', { method: 'POST', body: '{"a":1}' });
      expect(untyped.answer).toEqual({ got: { a: 1 } });
    });

    it('names the place where JSON is broken', async () => {
      const { code, answer } = await post('{\n  "kind": ImageStream\n}');
      expect(code).toBe(400);
      expect(answer).toMatchObject({
        kind: 'Status',
        reason: 'BadRequest',
        message: 'the request body is not valid JSON at line 2, column 11',
      });
    });

    it('refuses text that is not UTF-8', async () => {
      expect((await post(Buffer.from([0x22, 0xff, 0x22]))).answer['message']).toContain('UTF-8');
    });

    it('refuses YAML with a hint', async () => {
      const { code, answer } = await post('kind: ImageStream', 'application/yaml');
      expect(code).toBe(415);
      expect(answer).toMatchObject({ reason: 'UnsupportedMediaType' });
      expect(answer['message']).toContain('convert YAML to JSON');
    });

    it('refuses a body beyond the limit and names the limit', async () => {
      const { code, answer } = await post(`"${'x'.repeat(1024 * 1024)}"`);
      expect(code).toBe(413);
      expect(answer['message']).toContain('limit is 1048576 bytes');
    });
  });

  describe('paths', () => {
    it('answers a path it does not have with a Status', async () => {
      const { code, answer } = await ask('/apis/apps/v1/deployments', {
        method: 'POST',
        body: 'x',
      });
      expect(code).toBe(404);
      expect(answer).toMatchObject({ kind: 'Status', reason: 'NotFound', code: 404 });
    });

    it('answers a method a path does not have with those it has, whatever the body', async () => {
      const headers = { 'content-type': 'application/merge-patch+json' };
      const {
        code,
        answer,
        headers: sent,
      } = await ask('/echo', { method: 'PATCH', body: '{', headers });
      expect(code).toBe(405);
      expect(sent.allow).toBe('POST');
      expect(answer).toMatchObject({ reason: 'MethodNotAllowed' });
    });

    it('answers a path that can not be decoded with a Status', async () => {
      expect((await ask('/fail/%ZZ')).answer).toMatchObject({ kind: 'Status', code: 400 });
    });

    it('lets nothing be guessed from its headers and keeps answers out of caches', async () => {
      const { headers } = await ask('/');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['x-powered-by']).toBeUndefined();
    });
  });

  describe('failures', () => {
    it.each([
      ['away', 503, 'ServiceUnavailable'],
      ['queue', 503, 'ServiceUnavailable'],
      ['old', 410, 'Expired'],
      ['damaged', 500, 'InternalError'],
      ['bug', 500, 'InternalError'],
    ])('answers %s with %i and without its inside', async (how, code, reason) => {
      const { code: given, answer, headers } = await ask(`/fail/${how}`);
      expect(given).toBe(code);
      expect(answer).toMatchObject({ kind: 'Status', reason });
      expect(JSON.stringify(answer)).not.toMatch(/secret|node_modules|\.ts:/);
      expect(headers['retry-after'] !== undefined).toBe(code === 503);
    });

    it('tells the operator what the client is not told', async () => {
      await ask('/fail/bug');
      expect(logged.join('\n')).toContain('secret internals');
    });

    it('answers what is not HTTP with a Status too', async () => {
      const socket = connect(port, '127.0.0.1');
      socket.end('GARBAGE\r\n\r\n');
      const answer = await text(socket);
      expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({
        kind: 'Status',
        code: 400,
      });
    });

    it('answers headers beyond the limit with a Status', async () => {
      const { code, answer } = await ask('/', { headers: { 'x-long': 'x'.repeat(20_000) } });
      expect(code).toBe(431);
      expect(answer).toMatchObject({ kind: 'Status', code: 431 });
    });
  });

  it('counts requests by verb, resource and code, never by name', async () => {
    await ask('/fail/away');
    const { body } = await metrics.render();
    expect(body).toMatch(
      /tagtrail_api_requests_total\{verb="get",resource="failures",code="503",service="test"\} \d+/,
    );
    expect(body).toContain('tagtrail_api_request_seconds_bucket{le="0.002"');
    expect(body).not.toContain('/fail');
  });

  it('logs requests without their query and without the token', async () => {
    await ask('/healthz?token=hidden');
    const lines = logged.join('\n');
    expect(lines).toContain('"path":"/healthz"');
    expect(lines).not.toContain('hidden');
    expect(lines).not.toContain(TOKEN);
  });
});
