import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { ImageStream } from '@tagtrail/image-stream';
import { describeError, type Logger } from '@tagtrail/observability';
import type { Gatekeeper, Visitor } from './access/gatekeeper.ts';
import { answerBlob, type BlobParts } from './http/answer-blob.ts';
import { answerManifest, type Served } from './http/answer-manifest.ts';
import { answerReferrers } from './http/answer-referrers.ts';
import { answerTags } from './http/answer-tags.ts';
import { answerToken } from './http/answer-token.ts';
import { type Exchange, sendJson } from './http/exchange.ts';
import { parseRoute, type RepositoryName, type Route } from './http/route.ts';
import { sendFault } from './http/send-fault.ts';
import type { ReferrerLists } from './images/referrer-lists.ts';
import type { StreamCache } from './images/stream-cache.ts';
import type { StreamImages } from './images/stream-images.ts';
import { faultOf } from './images/upstream-faults.ts';
import { RegistryFault } from './registry-fault.ts';
import type { RegistryMetrics } from './registry-metrics.ts';

const LOOPBACK = /^(?:::1|(?:::ffff:)?127(?:\.\d{1,3}){3})$/;
/** What a Host header may look like in what we send back. */
const HOST = /^[a-zA-Z0-9.-]{1,253}(?::\d{1,5})?$|^\[[0-9a-fA-F:.]{2,45}\](?::\d{1,5})?$/;
const VERSION = {
  'docker-distribution-api-version': 'registry/2.0',
  'x-content-type-options': 'nosniff',
};

export interface ServingParts extends BlobParts {
  readonly images: StreamImages;
  readonly gatekeeper: Gatekeeper;
  readonly streams: Pick<StreamCache, 'read'>;
  readonly referrers: Pick<ReferrerLists, 'read'>;
  readonly storage: StorageDesk;
  readonly metrics: RegistryMetrics;
  readonly logger: Logger;
  /** The setting `registry.publicUrl`. */
  readonly publicUrl: string | undefined;
  /** Whether other machines are answered over plain HTTP. */
  readonly plainHttpForAll: boolean;
}

/** What operators ask about the copies. */
export interface StorageDesk {
  report(): Promise<unknown>;
  collect(options: { readonly dryRun: boolean }): Promise<unknown>;
}

/** Answers every request of the registry. */
export function serveRequests(parts: ServingParts): RequestListener {
  return (request, response) => {
    for (const [name, value] of Object.entries(VERSION)) response.setHeader(name, value);
    // What goes wrong while an error is told must not end the process.
    answer(request, response, parts).catch(() => response.destroy());
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  parts: ServingParts,
): Promise<void> {
  const isHead = request.method === 'HEAD';
  const started = performance.now();
  let route: Route | undefined;
  let visitor: Visitor | undefined;
  try {
    checkTransport(request, parts);
    const [path = '', search = ''] = splitUrl(request.url ?? '');
    route = parseRoute(path);
    checkMethod(request, route);
    visitor = await parts.gatekeeper.admit(request.headers.authorization);
    const query = new URLSearchParams(search);
    const served = await dispatch(
      { request, response, isHead, path, query, visitor },
      route,
      parts,
    );
    if (served !== undefined) parts.metrics.served(route.kind, served);
  } catch (error) {
    answerError({ request, response, isHead, route }, error, parts);
  } finally {
    const took = performance.now() - started;
    parts.metrics.answered(route?.kind ?? 'other', response.statusCode, took);
  }
}

function dispatch(
  exchange: Exchange,
  route: Route,
  parts: ServingParts,
): Promise<Served | undefined> {
  switch (route.kind) {
    case 'ping':
      return ping(exchange, parts);
    case 'token':
      return answerToken(exchange, parts.gatekeeper).then(() => undefined);
    case 'catalog':
      throw new RegistryFault(
        'UNSUPPORTED',
        'repositories are not listed here: `tagtrail get is` does',
        { status: 404 },
      );
    case 'storage':
    case 'collect':
      return answerStorage(exchange, route.kind, parts);
    case 'manifest':
      return inStream(exchange, route.repository, parts, (stream) =>
        answerManifest(exchange, { stream, reference: route.reference }, parts.images),
      );
    case 'blob':
      return inStream(exchange, route.repository, parts, (stream) =>
        answerBlob(exchange, { stream, digest: route.digest }, parts),
      );
    case 'tags':
      return inStream(exchange, route.repository, parts, async (stream) => {
        answerTags(exchange, stream);
        return undefined;
      });
    case 'referrers':
      return inStream(exchange, route.repository, parts, async (stream) => {
        await answerReferrers(exchange, { stream, digest: route.digest }, parts);
        return undefined;
      });
  }
}

/** Who may not see a stream does not learn whether there is one. */
async function inStream(
  { visitor }: Exchange,
  repository: RepositoryName,
  { gatekeeper, streams }: ServingParts,
  answerWith: (stream: ImageStream) => Promise<Served | undefined>,
): Promise<Served | undefined> {
  gatekeeper.checkPull(visitor, repository);
  const stream = await streams.read(repository);
  if (stream !== undefined) return answerWith(stream);
  const { namespace, name } = repository;
  throw new RegistryFault('NAME_UNKNOWN', `there is no image stream ${namespace}/${name}`);
}

/** Docker's login and podman take a 401 here for the way to log in, wherever there is anything to log in for. */
async function ping(exchange: Exchange, { gatekeeper }: ServingParts): Promise<undefined> {
  const { principal, claims } = exchange.visitor;
  if (principal === undefined && claims === undefined && !gatekeeper.isOpen) {
    throw new RegistryFault('UNAUTHORIZED', 'log in with an access token');
  }
  sendJson(exchange, {});
}

async function answerStorage(
  exchange: Exchange,
  kind: 'storage' | 'collect',
  { gatekeeper, storage }: ServingParts,
): Promise<undefined> {
  gatekeeper.checkRole(exchange.visitor, kind === 'storage' ? 'view' : 'admin');
  const dryRun = exchange.query.get('dryRun') === 'true';
  sendJson(
    exchange,
    kind === 'storage' ? await storage.report() : await storage.collect({ dryRun }),
  );
}

/** The path as it was sent: nothing of it is folded before it is checked. */
function splitUrl(url: string): readonly [string, string] {
  const question = url.indexOf('?');
  return question < 0 ? [url, ''] : [url.slice(0, question), url.slice(question + 1)];
}

/** Before anything else: a token sent in clear should not be sent again. */
function checkTransport({ socket }: IncomingMessage, { plainHttpForAll }: ServingParts): void {
  if (plainHttpForAll || socket instanceof TLSSocket || LOOPBACK.test(socket.remoteAddress ?? ''))
    return;
  const message =
    'other machines are answered over https only: a token sent over plain http can be read on its way; use https, or set registry.allowPlainHttp';
  throw new RegistryFault('DENIED', message);
}

/** Nothing is pushed here, and nothing deleted. */
function checkMethod(
  { method = '' }: IncomingMessage,
  route: Route | undefined,
): asserts route is Route {
  const allowed =
    route?.kind === 'token' ? 'GET, HEAD, POST' : route?.kind === 'collect' ? 'POST' : 'GET, HEAD';
  if (!allowed.split(', ').includes(method)) {
    const message = `${method} is not allowed: this registry is for pulling; \`tagtrail\` and \`oc\` change what it serves`;
    throw new RegistryFault('UNSUPPORTED', message, {
      headers: { allow: allowed, connection: 'close' },
    });
  }
  if (route === undefined)
    throw new RegistryFault('UNSUPPORTED', 'there is nothing here', { status: 404 });
}

interface Failed extends Pick<Exchange, 'request' | 'response' | 'isHead'> {
  readonly route: Route | undefined;
}

function answerError(
  { request, response, isHead, route }: Failed,
  error: unknown,
  parts: ServingParts,
): void {
  if (request.destroyed && !request.complete) return void response.destroy();
  const fault = faultOf(error);
  if (!(fault instanceof RegistryFault)) {
    parts.logger.error(
      { err: describeError(error), path: request.url },
      'answering a request failed',
    );
  }
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const told =
    fault instanceof RegistryFault
      ? fault
      : new RegistryFault('UNKNOWN', 'the registry failed; its log says why');
  if (told.status >= 500)
    parts.logger.info(
      { path: request.url, code: told.code, reason: told.message, cause: causeOf(told) },
      'not served',
    );
  const challenged = told.status === 401 ? withChallenge(told, request, route, parts) : told;
  sendFault({ response, isHead }, challenged);
}

/** What an operator needs to know and a client does not. */
function causeOf({ cause }: RegistryFault): string | undefined {
  return cause instanceof Error ? cause.message : undefined;
}

/** Where to get a token. Source: distribution, "Token Authentication Specification". */
function withChallenge(
  fault: RegistryFault,
  { headers, socket }: IncomingMessage,
  route: Route | undefined,
  { publicUrl }: ServingParts,
): RegistryFault {
  if (route?.kind === 'token') return withHeader(fault, 'Basic realm="tagtrail"');
  const host = HOST.test(headers.host ?? '')
    ? headers.host
    : `${socket.localAddress}:${socket.localPort}`;
  const realm = publicUrl ?? `${socket instanceof TLSSocket ? 'https' : 'http'}://${host}`;
  const repository = route !== undefined && 'repository' in route ? route.repository : undefined;
  const scope = repository && `,scope="repository:${repository.namespace}/${repository.name}:pull"`;
  return withHeader(fault, `Bearer realm="${realm}/token",service="tagtrail"${scope ?? ''}`);
}

function withHeader(
  { code, message, status, headers }: RegistryFault,
  challenge: string,
): RegistryFault {
  return new RegistryFault(code, message, {
    status,
    headers: { ...headers, 'www-authenticate': challenge },
  });
}
