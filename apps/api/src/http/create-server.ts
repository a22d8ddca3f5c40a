import { createServer as createHttpServer } from 'node:http';
import type { Logger } from '@tagtrail/observability';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { answerBrokenRequest } from './broken-request.ts';
import { type GuardRules, guardRequest } from './guard.ts';
import { acceptJsonBodies } from './json-body.ts';
import { refuseUnknownPath } from './refuse-unknown-path.ts';
import type { RequestMetrics } from './request-metrics.ts';
import type { RunningRequests } from './running-requests.ts';
import { BODY_LIMIT, isUnexpected, statusOf } from './status-of.ts';

/** ms for a request to arrive completely; kubectl sends at once, uploads of 1 MiB over slow lines take seconds. */
const REQUEST_TIMEOUT = 30_000;
/** ms for the headers alone, so that idle half-open requests go early. */
const HEADERS_TIMEOUT = 10_000;
/** ms for an answer other than a watch; the longest is a list of thousands. */
const ANSWER_TIMEOUT = 60_000;
/** ms an idle connection is kept for the next request; longer than the 60 s of common proxies. */
const KEEP_ALIVE_TIMEOUT = 75_000;
/** Bytes of all headers; a token and kubectl's Accept take about 1 KiB. */
const MAX_HEADER_BYTES = 16 * 1024;
/** Connections at once beside those of watches, so that requests find a place when all watches are taken. */
const SPARE_CONNECTIONS = 500;
/** ms between looks for requests that are overdue; Node's own 30 s would let the limits pass far. */
const TIMEOUT_CHECK_INTERVAL = 5_000;
/** Characters of one part of a path: name and tag of a history together. Longer ones are not found. */
const MAX_PATH_PART = 512;

const HTTP_LIMITS = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: HEADERS_TIMEOUT,
  requestTimeout: REQUEST_TIMEOUT,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
  connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL,
};

export interface ServerParts {
  readonly rules: GuardRules;
  readonly logger: Logger;
  readonly metrics: RequestMetrics;
  readonly running: RunningRequests;
  readonly maxWatches: number;
}

/** A server without paths: limits, access, JSON and Status for everything that goes wrong. Not listening yet. */
export function createServer(parts: ServerParts): FastifyInstance {
  const { rules, logger, metrics, running, maxWatches } = parts;
  const app = fastify({
    serverFactory: (listener) => {
      const server = createHttpServer(HTTP_LIMITS, listener);
      server.maxConnections = maxWatches + SPARE_CONNECTIONS;
      return server;
    },
    logger: false,
    bodyLimit: BODY_LIMIT,
    handlerTimeout: ANSWER_TIMEOUT,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    // What still arrives on open connections while stopping is answered: it is little, and it was meant for us.
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PATH_PART },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, _request, reply) => answerError(reply, error, logger),
  });
  acceptJsonBodies(app);
  app.addHook('onRequest', async (request, reply) => {
    running.enter(reply.raw);
    reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
    guardRequest(request, rules);
    if (request.is404) refuseUnknownPath(request);
  });
  app.addHook('onResponse', async (request, reply) => {
    metrics.count(request, reply);
    logRequest(logger, request, reply);
  });
  app.setErrorHandler((error, _request, reply) => answerError(reply, error, logger));
  app.setNotFoundHandler(refuseUnknownPath);
  return app;
}

function answerError(reply: FastifyReply, error: unknown, logger: Logger): void {
  const status = statusOf(error);
  const code = status.code ?? 500;
  if (isUnexpected(status)) logger.error({ err: error, code }, 'answering a request failed');
  const retryAfter = status.details?.retryAfterSeconds;
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  if (code === 401) reply.header('www-authenticate', 'Bearer realm="tagtrail"');
  reply.code(code).type('application/json').send(status);
}

function logRequest(logger: Logger, { method, url }: FastifyRequest, reply: FastifyReply): void {
  const elapsed = Math.round(reply.elapsedTime);
  logger.debug({ method, path: url.split('?', 1)[0], code: reply.statusCode, elapsed }, 'answered');
}
