import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { badRequest, type Status } from '@tagtrail/apimachinery';
import { StoreError } from '@tagtrail/image-stream';
import { createLogger, createMetrics } from '@tagtrail/observability';
import type { InjectOptions } from 'fastify';
import { describe, expect, it } from 'vitest';
import { StatusError } from '../status-error.ts';
import { apiTokenOnly } from '../testing/api-token-only.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { createServer } from './create-server.ts';
import { servePath } from './endpoints.ts';
import { createRequestMetrics } from './request-metrics.ts';
import { RunningRequests } from './running-requests.ts';

const TOKEN = 'a-token-for-tests-only';
/** ms; what is given so little never comes. */
const SHORT = 10;
/** ms; longer than any test. */
const LONG = 60_000;

const FAILURES: Readonly<Record<string, unknown>> = {
  refused: new StatusError(badRequest('no such thing')),
  away: new StoreError('unavailable', 'redis is down'),
  old: new StoreError('expired', 'trimmed'),
  foreign: new StoreError('invalid-continue', 'not base64'),
  damaged: new StoreError('damaged', 'shop/web'),
  queue: Object.assign(new Error('the queue is down'), { retryable: true }),
  bug: new TypeError('x is not a function'),
};

/** A server whose paths fail in every way; other machines must use https. */
function serveFailures() {
  const app = createServer({
    rules: {
      authenticator: apiTokenOnly(TOKEN),
      allowedHosts: [],
      certificate: undefined,
      plainHttpForAll: false,
    },
    logger: createLogger({ name: 'test', level: 'silent', format: 'json' }),
    metrics: createRequestMetrics(createMetrics('test')),
    running: new RunningRequests(),
    maxWatches: 10,
    certificate: undefined,
  });
  const hang = { verb: 'get', answer: () => new Promise(() => {}), timeout: SHORT } as const;
  servePath(app, { url: '/slow', resource: 'failures', methods: { GET: hang } });
  const fail = (request: { params: unknown }) =>
    Promise.reject(FAILURES[(request.params as { how: string }).how]);
  servePath(app, {
    url: '/fail/:how',
    resource: 'failures',
    methods: { GET: { verb: 'get', answer: fail }, POST: { verb: 'create', answer: fail } },
  });
  return app;
}

describe('a request that is refused over HTTP is told', () => {
  const app = serveFailures();
  const json = { 'content-type': 'application/json' };
  const post = (headers: object, payload: InjectOptions['payload']): InjectOptions =>
    ({ method: 'POST', url: '/fail/bug', headers, payload }) as InjectOptions;

  it.each<[code: number, message: string, request: InjectOptions]>([
    [400, 'no such thing', { url: '/fail/refused' }],
    [
      503,
      'Redis does not answer or takes no writes: the record store is away',
      { url: '/fail/away' },
    ],
    [
      410,
      'the provided continue token or version is too old; list again without it',
      { url: '/fail/old' },
    ],
    [400, 'the continue token is not valid', { url: '/fail/foreign' }],
    [
      500,
      'Internal error occurred: a stored object can not be read; the log of the API says which',
      { url: '/fail/damaged' },
    ],
    [503, 'a service behind the API is away', { url: '/fail/queue' }],
    [
      500,
      'Internal error occurred: the request could not be completed; the log of the API says why',
      { url: '/fail/bug' },
    ],
    [504, 'Timeout: the request took too long', { url: '/slow' }],
    [404, 'the server could not find the requested resource: /apis/apps', { url: '/apis/apps?x' }],
    [
      405,
      'the server does not allow DELETE on failures; it allows GET, POST',
      { url: '/fail/bug', method: 'DELETE' },
    ],
    [400, 'the request body is not valid UTF-8', post(json, Buffer.from([0x22, 0xff]))],
    [400, 'the request body is not valid JSON at line 1, column 2', post(json, '{')],
    [
      400,
      'the request body is nested more than 100 levels deep',
      post(json, '['.repeat(200_000) + ']'.repeat(200_000)),
    ],
    [413, 'Request entity too large: limit is 1048576 bytes', post(json, 'x'.repeat(1_048_577))],
    [
      415,
      'the body of the request was in an unsupported format (text/plain); accepted is application/json',
      post({ 'content-type': 'text/plain' }, 'x'),
    ],
    [
      415,
      'the body of the request was in an unsupported format (application/yaml); accepted is application/json: convert YAML to JSON before sending it',
      post({ 'content-type': 'application/yaml' }, 'x: 1'),
    ],
    [
      403,
      'other machines are answered over https only: a token sent over plain http can be read on its way; use https, or set api.allowPlainHttp',
      { url: '/fail/bug', remoteAddress: '203.0.113.7' },
    ],
    [
      403,
      'this server does not answer to the host name "tags.example.com"; if it should, add it to api.allowedHosts',
      { url: '/fail/bug', headers: { host: 'tags.example.com' } },
    ],
    [
      403,
      'requests from pages of other origins are not answered',
      { url: '/fail/bug', headers: { origin: 'http://evil.example.com' } },
    ],
    [401, 'Unauthorized', { url: '/fail/bug', headers: { authorization: 'Bearer wrong' } }],
  ])('%i: %s', async (code, message, request) => {
    const headers = {
      host: 'localhost',
      authorization: `Bearer ${TOKEN}`,
      ...(request.headers as Record<string, string>),
    };
    const response = await app.inject({ ...request, headers });
    expect(response.json<Status>()).toMatchObject({ kind: 'Status', code, message });
    expect(response.statusCode).toBe(code);
  });
});

describe('what is no request is told', () => {
  it.each([
    [400, 'the request is not valid HTTP', 'GARBAGE\r\n\r\n', LONG],
    [
      431,
      'the request headers are too large',
      `GET / HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
      LONG,
    ],
    [408, 'the request did not arrive in time', 'GET / HTTP/1.1\r\nhost: a\r\n', SHORT],
  ])('%i: %s', async (code, message, sent, headersTimeout) => {
    const server = createHttpServer({ headersTimeout, connectionsCheckingInterval: SHORT });
    server.on('clientError', (error, socket) => answerBrokenRequest(error, socket as Socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(sent);
    const [head, body = ''] = (await text(socket)).split('\r\n\r\n');
    server.close();
    expect(head).toContain(`HTTP/1.1 ${code} `);
    expect(head).toContain('\r\ncontent-type: application/json\r\n');
    expect(JSON.parse(body)).toMatchObject({ kind: 'Status', code, message });
  });
});
