import { notFound } from '@tagtrail/apimachinery';
import type { CheckStore, ImageStream, ImageStreamStore } from '@tagtrail/image-stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { servePath } from '../http/endpoints.ts';
import { pathPart } from '../http/query.ts';
import { readListOptions } from '../image-streams/list-options.ts';
import { listStreams } from '../image-streams/list-streams.ts';
import { StatusError } from '../status-error.ts';
import { CHECK_API_VERSION, describeCheck } from './describe-check.ts';
import type { FreshnessJudge, FreshnessReader } from './freshness-reader.ts';

/** Streams in one page of checks: each costs a read of its own. */
const MAX_PAGE = 500;
const RESOURCE = 'imagestreamchecks';

export interface CheckParts {
  readonly streams: Pick<ImageStreamStore, 'read' | 'list'>;
  readonly checks: Pick<CheckStore, 'readChecks'>;
  readonly freshness: Pick<FreshnessReader, 'judge'>;
}

/** Serves check states, which stay out of the faithful image streams, as objects of their own. */
export function serveChecks(app: FastifyInstance, parts: CheckParts): void {
  const list = {
    verb: 'list',
    answer: (request: FastifyRequest) => listChecks(parts, request),
  } as const;
  const group = `/apis/${CHECK_API_VERSION}`;
  servePath(app, { url: `${group}/${RESOURCE}`, resource: RESOURCE, methods: { GET: list } });
  servePath(app, {
    url: `${group}/namespaces/:namespace/${RESOURCE}`,
    resource: RESOURCE,
    methods: { GET: list },
  });
  servePath(app, {
    url: `${group}/namespaces/:namespace/${RESOURCE}/:name`,
    resource: RESOURCE,
    methods: { GET: { verb: 'get', answer: (request) => getCheck(parts, request) } },
  });
}

async function getCheck(parts: CheckParts, request: FastifyRequest) {
  const key = { namespace: pathPart(request, 'namespace'), name: pathPart(request, 'name') };
  const stream = await parts.streams.read(key);
  if (stream !== undefined) return describeStream(parts, stream, await parts.freshness.judge());
  const target = { group: 'tagtrail.dev', resource: RESOURCE, kind: 'ImageStreamCheck' };
  throw new StatusError(notFound({ ...target, name: key.name }));
}

async function listChecks(parts: CheckParts, request: FastifyRequest) {
  const options = readListOptions(request, pathPart(request, 'namespace') || undefined);
  const limit = Math.min(options.limit ?? MAX_PAGE, MAX_PAGE);
  const { metadata, items } = await listStreams(parts.streams, { ...options, limit });
  const judge = await parts.freshness.judge();
  return {
    kind: 'ImageStreamCheckList',
    apiVersion: CHECK_API_VERSION,
    metadata,
    items: await Promise.all(items.map((stream) => describeStream(parts, stream, judge))),
  };
}

async function describeStream({ checks }: CheckParts, stream: ImageStream, judge: FreshnessJudge) {
  return describeCheck(stream, await checks.readChecks(stream.metadata.uid ?? ''), judge);
}
