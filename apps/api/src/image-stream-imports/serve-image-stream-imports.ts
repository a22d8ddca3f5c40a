import type { RegistryPolicy } from '@tagtrail/image-stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { servePath } from '../http/endpoints.ts';
import { pathPart, queryDryRun } from '../http/query.ts';
import { decodeImport } from './decode-import.ts';
import type { ImportMetrics } from './import-metrics.ts';
import { type ImportStreamParts, importStream } from './import-stream.ts';
import type { OpenImports } from './open-imports.ts';

export interface ImageStreamImportParts extends ImportStreamParts {
  readonly registries: RegistryPolicy;
  readonly open: OpenImports;
  readonly metrics: ImportMetrics;
}

const RESOURCE = 'imagestreamimports';
/** ms to admit a request and to put its answer together, beside the waiting. */
const ANSWER_TIME = 60_000;

/** Serves requests to import, which are carried out and not kept. Source: OpenShift `image.openshift.io/v1`. */
export function serveImageStreamImports(app: FastifyInstance, parts: ImageStreamImportParts): void {
  servePath(app, {
    url: `/apis/image.openshift.io/v1/namespaces/:namespace/${RESOURCE}`,
    resource: RESOURCE,
    methods: {
      POST: {
        verb: 'create',
        timeout: parts.wait + ANSWER_TIME,
        answer: (request, reply) => answerImport(parts, request, reply),
      },
    },
  });
}

async function answerImport(
  parts: ImageStreamImportParts,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const dryRun = queryDryRun(request);
  const wanted = decodeImport(request.body, pathPart(request, 'namespace'), parts.registries);
  const { signal, leave } = parts.open.enter(reply.raw, parts.wait);
  try {
    const wish = { request: wanted, dryRun, signal };
    const answer = await parts.metrics.track(() => importStream(parts, wish));
    reply.code(201);
    return answer;
  } finally {
    leave();
  }
}
