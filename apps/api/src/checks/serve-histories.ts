import { notFound } from '@tagtrail/apimachinery';
import type { ImageStream, ImageStreamStore } from '@tagtrail/image-stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { servePath } from '../http/endpoints.ts';
import { pathPart, queryCount, queryText } from '../http/query.ts';
import { StatusError } from '../status-error.ts';
import { CHECK_API_VERSION } from './describe-check.ts';
import { readHistoryPage } from './history-page.ts';

const RESOURCE = 'imagestreamhistories';

export interface HistoryParts {
  readonly streams: Pick<ImageStreamStore, 'read' | 'history'>;
}

/** Serves the whole history of a tag; the image stream itself holds only the newest events. */
export function serveHistories(app: FastifyInstance, parts: HistoryParts): void {
  servePath(app, {
    url: `/apis/${CHECK_API_VERSION}/namespaces/:namespace/${RESOURCE}/:name`,
    resource: RESOURCE,
    methods: { GET: { verb: 'get', answer: (request) => getHistory(parts, request) } },
  });
}

async function getHistory({ streams }: HistoryParts, request: FastifyRequest) {
  const namespace = pathPart(request, 'namespace');
  const name = pathPart(request, 'name');
  const [streamName = '', tag = ''] = splitName(name);
  const stream = await streams.read({ namespace, name: streamName });
  if (stream === undefined || tag === '') throw unknownHistory(name);
  const key = { namespace, name: streamName, uid: stream.metadata.uid ?? '', tag };
  const limit = queryCount(request, 'limit');
  const page = await readHistoryPage(streams, {
    key,
    limit,
    continue: queryText(request, 'continue'),
  });
  if (page.items.length === 0 && !hasTag(stream, tag)) throw unknownHistory(name);
  const { items, ...rest } = page;
  const metadata = { name, namespace, ...rest };
  return { kind: 'ImageStreamHistory', apiVersion: CHECK_API_VERSION, metadata, items };
}

/** Stream names have no colon, tags neither: the first one parts them. */
function splitName(name: string): readonly string[] {
  const colon = name.indexOf(':');
  return colon < 0 ? [name] : [name.slice(0, colon), name.slice(colon + 1)];
}

function hasTag({ spec, status }: ImageStream, tag: string): boolean {
  const wanted = spec.tags?.some((reference) => reference.name === tag) ?? false;
  return wanted || (status.tags?.some((list) => list.tag === tag) ?? false);
}

function unknownHistory(name: string): StatusError {
  const target = { group: 'tagtrail.dev', resource: RESOURCE, kind: 'ImageStreamHistory', name };
  return new StatusError(notFound(target));
}
