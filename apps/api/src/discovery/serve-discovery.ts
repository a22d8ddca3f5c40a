import type { FastifyInstance } from 'fastify';
import { servePath } from '../http/endpoints.ts';
import { DISCOVERY_DOCUMENTS } from './documents.ts';

/**
 * An empty protobuf message is a valid OpenAPI document without schemas: kubectl before 1.31 refuses to create anything
 * without one, and with it skips its own validation. The media type must not be echoed with the `@` that clients ask
 * for: newer ones refuse to parse it.
 */
const EMPTY_OPENAPI_TYPE = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** Serves what clients ask before they ask for anything else. */
export function serveDiscovery(app: FastifyInstance): void {
  for (const [url, document] of Object.entries(DISCOVERY_DOCUMENTS)) {
    const answer = () => document;
    servePath(app, { url, resource: 'discovery', methods: { GET: { verb: 'get', answer } } });
  }
  servePath(app, {
    url: '/openapi/v2',
    resource: 'discovery',
    methods: {
      GET: {
        verb: 'get',
        answer: (_request, reply) => reply.type(EMPTY_OPENAPI_TYPE).send(Buffer.alloc(0)),
      },
    },
  });
}
