import type { Logger } from '@tagtrail/observability';
import type { ServedCertificate } from '@tagtrail/tls-server';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { authorizeRequest } from './authorize-request.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { createHttpServer } from './create-http-server.ts';
import { type GuardRules, guardRequest } from './guard.ts';
import { acceptJsonBodies } from './json-body.ts';
import { OpenAnswers } from './open-answers.ts';
import { refuseUnknownPath } from './refuse-unknown-path.ts';
import type { RequestMetrics } from './request-metrics.ts';
import { rememberPrincipals } from './request-principal.ts';
import type { RunningRequests } from './running-requests.ts';
import { BODY_LIMIT, isUnexpected, statusOf } from './status-of.ts';

/** ms for an answer other than a watch; the longest is a list of thousands. */
const ANSWER_TIMEOUT = 60_000;
/** Characters of one part of a path: name and tag of a history together. Longer ones are not found. */
const MAX_PATH_PART = 512;

export interface ServerParts {
  readonly rules: GuardRules;
  readonly logger: Logger;
  readonly metrics: RequestMetrics;
  readonly running: RunningRequests;
  readonly maxWatches: number;
  /** Undefined: plain HTTP only. */
  readonly certificate: ServedCertificate | undefined;
}

/** A server without paths: limits, access, JSON and Status for everything that goes wrong. Not listening yet. */
export function createServer(parts: ServerParts): FastifyInstance {
  const { rules, logger, metrics, running } = parts;
  const app = fastify({
    serverFactory: (listener) => createHttpServer(parts, listener),
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
  rememberPrincipals(app);
  const answers = new OpenAnswers(rules.authenticator);
  app.addHook('onListen', () => answers.start());
  app.addHook('onClose', async () => answers.stop());
  app.addHook('onRequest', async (request, reply) => {
    running.enter(reply.raw);
    reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
    const principal = await guardRequest(request, rules);
    request.principal = principal;
    if (request.is404) refuseUnknownPath(request);
    if (principal === undefined) return;
    authorizeRequest(request, principal);
    answers.enter(reply.raw, principal);
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

function logRequest(logger: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const { method, url, principal } = request;
  const path = url.split('?', 1)[0];
  const elapsed = Math.round(reply.elapsedTime);
  const by = principal?.name;
  logger.debug({ method, path, code: reply.statusCode, elapsed, by }, 'answered');
}
