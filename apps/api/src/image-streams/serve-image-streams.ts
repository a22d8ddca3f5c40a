import type {
  CheckStore,
  ImageStream,
  ImageStreamStore,
  RegistryPolicy,
  ScheduleSettings,
} from '@tagtrail/image-stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FreshnessReader } from '../checks/freshness-reader.ts';
import { servePath } from '../http/endpoints.ts';
import { pathPart, queryDryRun } from '../http/query.ts';
import { principalOf } from '../http/request-principal.ts';
import { readIncludeObject, representationFor } from '../http/table-request.ts';
import { type WatchParts, watchStreams } from '../watch/watch-streams.ts';
import { createStream } from './create-stream.ts';
import { readDeleteOptions } from './delete-options.ts';
import { deleteStream } from './delete-stream.ts';
import { drawTable } from './image-stream-table.ts';
import { readListOptions } from './list-options.ts';
import { listStreams } from './list-streams.ts';
import { readStream } from './read-stream.ts';
import { replaceStream } from './replace-stream.ts';
import { streamsInView } from './streams-in-view.ts';

export interface ImageStreamParts extends WatchParts {
  readonly streams: ImageStreamStore;
  readonly checks: CheckStore;
  readonly freshness: Pick<FreshnessReader, 'read'>;
  readonly settings: ScheduleSettings;
  readonly registries: RegistryPolicy;
  readonly createUid: () => string;
}

const GROUP_VERSION = '/apis/image.openshift.io/v1';
const RESOURCE = 'imagestreams';

/** Serves image streams: of all namespaces, of one, and one by one. Source: OpenShift `image.openshift.io/v1`. */
export function serveImageStreams(app: FastifyInstance, parts: ImageStreamParts): void {
  const list = {
    verb: 'list',
    answer: (request: FastifyRequest, reply: FastifyReply) => answerList(parts, request, reply),
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

async function answerList(parts: ImageStreamParts, request: FastifyRequest, reply: FastifyReply) {
  const namespace = pathPart(request, 'namespace') || undefined;
  const options = readListOptions(request, namespace);
  const representation = representationFor(request);
  const includeObject = readIncludeObject(request);
  if (options.watch) {
    await watchStreams(parts, reply, { options, representation, includeObject });
    return undefined;
  }
  const list = await listStreams(parts.streams, options);
  if (representation.kind === 'object') return list;
  const { version } = representation;
  const { metadata } = list;
  const table = { version, includeObject, metadata, columns: true, now: parts.now() };
  return drawTable(list.items, table, await freshnessOfAll(parts, list.items));
}

async function answerGet(parts: ImageStreamParts, request: FastifyRequest) {
  const representation = representationFor(request);
  const includeObject = readIncludeObject(request);
  const stream = await readStream(parts.streams, keyOf(request));
  if (representation.kind === 'object') return stream;
  const { version } = representation;
  const { resourceVersion } = stream.metadata;
  const metadata = resourceVersion === undefined ? {} : { resourceVersion };
  const table = { version, includeObject, metadata, columns: true, now: parts.now() };
  return drawTable([stream], table, await freshnessOfAll(parts, [stream]));
}

function freshnessOfAll({ freshness }: ImageStreamParts, streams: readonly ImageStream[]) {
  return freshness.read(streams.map(({ metadata }) => metadata.uid));
}

async function answerCreate(parts: ImageStreamParts, request: FastifyRequest, reply: FastifyReply) {
  const namespace = pathPart(request, 'namespace');
  const dryRun = queryDryRun(request);
  const created = await createStream(partsInView(parts, request), {
    namespace,
    body: request.body,
    dryRun,
  });
  reply.code(201);
  return created;
}

function answerReplace(parts: ImageStreamParts, request: FastifyRequest) {
  const dryRun = queryDryRun(request);
  const wish = { key: keyOf(request), body: request.body, dryRun };
  return replaceStream(partsInView(parts, request), wish);
}

function answerDelete(parts: ImageStreamParts, request: FastifyRequest) {
  const { dryRun, preconditions } = readDeleteOptions(request.body);
  const wish = { key: keyOf(request), preconditions, dryRun: dryRun || queryDryRun(request) };
  return deleteStream(parts, wish);
}

function partsInView(parts: ImageStreamParts, request: FastifyRequest) {
  return { ...parts, streams: streamsInView(parts.streams, principalOf(request)) };
}

function keyOf(request: FastifyRequest) {
  return { namespace: pathPart(request, 'namespace'), name: pathPart(request, 'name') };
}
