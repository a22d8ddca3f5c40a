import { methodNotAllowed } from '@tagtrail/apimachinery';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { servePath } from '../http/endpoints.ts';
import { pathPart, queryDryRun, queryFlag } from '../http/query.ts';
import { principalOf } from '../http/request-principal.ts';
import { readDeleteOptions } from '../image-streams/delete-options.ts';
import { StatusError } from '../status-error.ts';
import {
  ACCESS_TOKEN_API_VERSION,
  ACCESS_TOKEN_RESOURCE,
  describeToken,
} from './access-token-object.ts';
import type { AccessTokenParts } from './access-token-parts.ts';
import { createToken } from './create-token.ts';
import { findGoverned, listGoverned } from './find-token.ts';
import { revokeToken } from './revoke-token.ts';

const URL = `/apis/${ACCESS_TOKEN_API_VERSION}/${ACCESS_TOKEN_RESOURCE}`;

/** Serves access tokens: to whom is admin somewhere, and those tokens only that have no role anywhere else. */
export function serveAccessTokens(app: FastifyInstance, parts: AccessTokenParts): void {
  servePath(app, {
    url: URL,
    resource: ACCESS_TOKEN_RESOURCE,
    methods: {
      GET: { verb: 'list', answer: (request) => answerList(parts, request) },
      POST: { verb: 'create', answer: (request, reply) => answerCreate(parts, request, reply) },
    },
  });
  servePath(app, {
    url: `${URL}/:name`,
    resource: ACCESS_TOKEN_RESOURCE,
    methods: {
      GET: { verb: 'get', answer: (request) => answerGet(parts, request) },
      DELETE: { verb: 'delete', answer: (request) => answerDelete(parts, request) },
    },
  });
}

async function answerList(parts: AccessTokenParts, request: FastifyRequest) {
  if (queryFlag(request, 'watch') === true) {
    throw new StatusError(methodNotAllowed('accesstokens can not be watched; list them again'));
  }
  const tokens = await listGoverned(parts, principalOf(request));
  const now = parts.now();
  return {
    kind: 'AccessTokenList',
    apiVersion: ACCESS_TOKEN_API_VERSION,
    metadata: {},
    items: tokens.map((token) => describeToken(token, now)),
  };
}

async function answerGet(parts: AccessTokenParts, request: FastifyRequest) {
  const wish = { principal: principalOf(request), name: pathPart(request, 'name') };
  return describeToken(await findGoverned(parts, wish), parts.now());
}

async function answerCreate(parts: AccessTokenParts, request: FastifyRequest, reply: FastifyReply) {
  const { body } = request;
  const wish = { principal: principalOf(request), body, dryRun: queryDryRun(request) };
  const created = await createToken(parts, wish);
  reply.code(201);
  return created;
}

function answerDelete(parts: AccessTokenParts, request: FastifyRequest) {
  const { dryRun, preconditions } = readDeleteOptions(request.body);
  return revokeToken(parts, {
    principal: principalOf(request),
    name: pathPart(request, 'name'),
    preconditions,
    dryRun: dryRun || queryDryRun(request),
  });
}
