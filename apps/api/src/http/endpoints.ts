import { methodNotAllowed } from '@tagtrail/apimachinery';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { StatusError } from '../status-error.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';

/** Kubernetes' verbs, for metrics. A list that watches is counted as `watch`. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'delete';

export interface Endpoint {
  readonly verb: Verb;
  /** What a Promise resolves to is sent as JSON; undefined after a reply that was sent already. */
  readonly answer: (request: FastifyRequest, reply: FastifyReply) => unknown;
  /** ms until it must have answered, where the usual time does not fit. */
  readonly timeout?: number;
  /** Bytes of a body, where the usual limit does not fit. */
  readonly bodyLimit?: number;
}

export interface Path {
  readonly url: string;
  /** The resource in metrics; one of few, never a name. */
  readonly resource: string;
  readonly methods: Partial<Readonly<Record<Method, Endpoint>>>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly verb?: Verb;
    readonly resource?: string;
  }
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Serves a path: the given methods, and 405 with `Allow` for all others, before any body is read. */
export function servePath(app: FastifyInstance, { url, resource, methods }: Path): void {
  const served = Object.keys(methods);
  for (const [method, endpoint] of Object.entries(methods)) {
    const { verb, answer, timeout, bodyLimit } = endpoint;
    app.route({
      method,
      url,
      config: { verb, resource },
      ...(timeout !== undefined && { handlerTimeout: timeout }),
      ...(bodyLimit !== undefined && { bodyLimit }),
      handler: async (request, reply) => answer(request, reply),
    });
  }
  app.route({
    method: METHODS.filter((method) => !served.includes(method)),
    url,
    config: { resource },
    onRequest: async (request, reply) => {
      reply.header('allow', served.join(', '));
      const message = `the server does not allow ${request.method} on ${resource}; it allows ${served.join(', ')}`;
      throw new StatusError(methodNotAllowed(message));
    },
    handler: async () => undefined,
  });
}
