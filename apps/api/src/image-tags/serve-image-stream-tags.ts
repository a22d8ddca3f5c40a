import type {
  CheckStore,
  ImageDocumentStore,
  ImageStreamStore,
  ImageStreamTag,
  RegistryPolicy,
  ScheduleSettings,
} from '@tagtrail/image-stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FreshnessReader } from '../checks/freshness-reader.ts';
import { servePath } from '../http/endpoints.ts';
import { pathPart, queryDryRun } from '../http/query.ts';
import { principalOf } from '../http/request-principal.ts';
import { drawRows } from '../http/table.ts';
import { readIncludeObject, representationFor } from '../http/table-request.ts';
import { readDeleteOptions } from '../image-streams/delete-options.ts';
import { readListOptions } from '../image-streams/list-options.ts';
import { streamsInView } from '../image-streams/streams-in-view.ts';
import { answerObject } from './answer-object.ts';
import { deleteTag } from './delete-tag.ts';
import { imageStreamTagLayout } from './image-tables.ts';
import { parseTagName } from './image-tag-resource.ts';
import { listTags } from './list-tags.ts';
import { readTag } from './read-tag.ts';
import { createTag, replaceTag } from './write-tag.ts';

export interface ImageStreamTagParts {
  readonly streams: ImageStreamStore;
  readonly checks: Pick<CheckStore, 'readChecks'>;
  readonly freshness: Pick<FreshnessReader, 'read'>;
  readonly images: Pick<ImageDocumentStore, 'read'>;
  readonly settings: ScheduleSettings;
  readonly registries: RegistryPolicy;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly createUid: () => string;
}

const GROUP_VERSION = '/apis/image.openshift.io/v1';
const RESOURCE = 'imagestreamtags';

/** Serves the tags of streams as objects of their own. Source: OpenShift `image.openshift.io/v1`. */
export function serveImageStreamTags(app: FastifyInstance, parts: ImageStreamTagParts): void {
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
      PUT: { verb: 'update', answer: (request, reply) => answerReplace(parts, request, reply) },
      DELETE: { verb: 'delete', answer: (request) => answerDelete(parts, request) },
    },
  });
}

async function answerList(parts: ImageStreamTagParts, request: FastifyRequest) {
  const { streams, now } = parts;
  const options = readListOptions(request, pathPart(request, 'namespace') || undefined);
  const representation = representationFor(request);
  const includeObject = readIncludeObject(request);
  const list = await listTags(streams, options);
  if (representation.kind === 'object') return list;
  const { version } = representation;
  const { metadata } = list;
  const table = { version, includeObject, metadata, columns: true, now: now() };
  return drawRows(list.items, await layoutOf(parts, list.items), table);
}

function answerGet(parts: ImageStreamTagParts, request: FastifyRequest) {
  const read = () => readTag(parts, keyOf(request));
  const layout = (tag: ImageStreamTag) => layoutOf(parts, [tag]);
  return answerObject(request, { read, layout, now: parts.now });
}

/** Tags of one stream are read together. */
async function layoutOf({ freshness }: ImageStreamTagParts, tags: readonly ImageStreamTag[]) {
  const uids = [...new Set(tags.map(({ metadata }) => metadata.uid ?? ''))];
  const known = await freshness.read(uids);
  return imageStreamTagLayout(new Map(known.map((one, at) => [uids[at] ?? '', one])));
}

async function answerCreate(
  parts: ImageStreamTagParts,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const namespace = pathPart(request, 'namespace');
  const dryRun = queryDryRun(request);
  const wish = { namespace, body: request.body, dryRun };
  const created = await createTag(partsInView(parts, request), wish);
  reply.code(201);
  return created;
}

async function answerReplace(
  parts: ImageStreamTagParts,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const dryRun = queryDryRun(request);
  const wish = { key: keyOf(request), body: request.body, dryRun };
  const { object, isNew } = await replaceTag(partsInView(parts, request), wish);
  reply.code(isNew ? 201 : 200);
  return object;
}

function answerDelete(parts: ImageStreamTagParts, request: FastifyRequest) {
  const { dryRun, preconditions } = readDeleteOptions(request.body);
  const wish = { key: keyOf(request), preconditions, dryRun: dryRun || queryDryRun(request) };
  return deleteTag(parts, wish);
}

function partsInView(parts: ImageStreamTagParts, request: FastifyRequest) {
  return { ...parts, streams: streamsInView(parts.streams, principalOf(request)) };
}

function keyOf(request: FastifyRequest) {
  return parseTagName(pathPart(request, 'namespace'), pathPart(request, 'name'));
}
