import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { servePath } from '../http/endpoints.ts';
import { pathPart, queryDryRun } from '../http/query.ts';
import { drawRows } from '../http/table.ts';
import { readIncludeObject, representationFor } from '../http/table-request.ts';
import { readDeleteOptions } from '../image-streams/delete-options.ts';
import { readListOptions } from '../image-streams/list-options.ts';
import { answerObject } from '../image-tags/answer-object.ts';
import { acceptProtobufSecrets } from './accept-protobuf-secrets.ts';
import { deleteSecret } from './delete-secret.ts';
import { listSecrets } from './list-secrets.ts';
import { readStored } from './read-secret.ts';
import type { SecretParts } from './secret-parts.ts';
import { SECRET_LAYOUT } from './secret-table.ts';
import { createSecret, replaceSecret } from './write-secret.ts';

const GROUP_VERSION = '/api/v1';
const RESOURCE = 'secrets';

/** Serves the credentials that namespaces import with. Source: Kubernetes core/v1, secrets. */
export function serveSecrets(app: FastifyInstance, parts: SecretParts): void {
  acceptProtobufSecrets(app);
  const list = {
    verb: 'list',
    answer: (request: FastifyRequest) => answerList(parts, request),
  } as const;
  servePath(app, {
    url: `${GROUP_VERSION}/${RESOURCE}`,
    resource: RESOURCE,
    methods: { GET: list },
  });
  servePath(app, {
    url: `${GROUP_VERSION}/namespaces/:namespace/${RESOURCE}`,
    resource: RESOURCE,
    methods: {
      GET: list,
      POST: { verb: 'create', answer: (request, reply) => answerCreate(parts, request, reply) },
    },
  });
  servePath(app, {
    url: `${GROUP_VERSION}/namespaces/:namespace/${RESOURCE}/:name`,
    resource: RESOURCE,
    methods: {
      GET: { verb: 'get', answer: (request) => answerGet(parts, request) },
      PUT: { verb: 'update', answer: (request) => answerReplace(parts, request) },
      DELETE: { verb: 'delete', answer: (request) => answerDelete(parts, request) },
    },
  });
}

async function answerList({ secrets, now }: SecretParts, request: FastifyRequest) {
  const options = readListOptions(request, pathPart(request, 'namespace') || undefined);
  const representation = representationFor(request);
  const includeObject = readIncludeObject(request);
  const list = await listSecrets(secrets, options);
  if (representation.kind === 'object') return list;
  const { version } = representation;
  const { metadata } = list;
  const table = { version, includeObject, metadata, columns: true, now: now() };
  return drawRows(list.items, SECRET_LAYOUT, table);
}

function answerGet({ secrets, now }: SecretParts, request: FastifyRequest) {
  const read = async () => (await readStored(secrets, keyOf(request))).open();
  return answerObject(request, { read, layout: SECRET_LAYOUT, now });
}

async function answerCreate(parts: SecretParts, request: FastifyRequest, reply: FastifyReply) {
  const namespace = pathPart(request, 'namespace');
  const dryRun = queryDryRun(request);
  const created = await createSecret(parts, { namespace, body: request.body, dryRun });
  reply.code(201);
  return created;
}

function answerReplace(parts: SecretParts, request: FastifyRequest) {
  const dryRun = queryDryRun(request);
  return replaceSecret(parts, { key: keyOf(request), body: request.body, dryRun });
}

function answerDelete({ secrets }: SecretParts, request: FastifyRequest) {
  const { dryRun, preconditions } = readDeleteOptions(request.body);
  const wish = { key: keyOf(request), preconditions, dryRun: dryRun || queryDryRun(request) };
  return deleteSecret(secrets, wish);
}

function keyOf(request: FastifyRequest) {
  return { namespace: pathPart(request, 'namespace'), name: pathPart(request, 'name') };
}
