import type { FastifyInstance, FastifyRequest } from 'fastify';
import { servePath } from '../http/endpoints.ts';
import { pathPart } from '../http/query.ts';
import { answerObject } from './answer-object.ts';
import { IMAGE_LAYOUT, IMAGE_STREAM_IMAGE_LAYOUT } from './image-tables.ts';
import { parseStreamImageName, readStreamImage } from './read-stream-image.ts';
import { readImage, type TagReadParts } from './read-tag.ts';

export interface ImageParts extends TagReadParts {
  /** ms since the epoch. */
  readonly now: () => number;
}

const GROUP_VERSION = '/apis/image.openshift.io/v1';

/** Serves images, by their digest and as parts of a stream. Source: OpenShift `image.openshift.io/v1`. */
export function serveImages(app: FastifyInstance, parts: ImageParts): void {
  servePath(app, {
    url: `${GROUP_VERSION}/images/:name`,
    resource: 'images',
    methods: { GET: { verb: 'get', answer: (request) => answerImage(parts, request) } },
  });
  servePath(app, {
    url: `${GROUP_VERSION}/namespaces/:namespace/imagestreamimages/:name`,
    resource: 'imagestreamimages',
    methods: { GET: { verb: 'get', answer: (request) => answerStreamImage(parts, request) } },
  });
}

function answerImage({ images, now }: ImageParts, request: FastifyRequest) {
  const read = () => readImage(images, pathPart(request, 'name'));
  return answerObject(request, { read, layout: IMAGE_LAYOUT, now });
}

function answerStreamImage(parts: ImageParts, request: FastifyRequest) {
  const key = parseStreamImageName(pathPart(request, 'namespace'), pathPart(request, 'name'));
  const read = () => readStreamImage(parts, key);
  return answerObject(request, { read, layout: IMAGE_STREAM_IMAGE_LAYOUT, now: parts.now });
}
