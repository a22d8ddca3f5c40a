import type {
  ImageStream,
  ImageStreamImport,
  ImageStreamStore,
  ImageStreamTag,
} from '@tagtrail/image-stream';
import type { FastifyInstance } from 'fastify';
import { insecureWarning } from './insecure-warning.ts';
import { withRepository } from './publish-repositories.ts';

export interface FinishParts {
  readonly streams: Pick<ImageStreamStore, 'read'>;
  readonly registryHostname: string | undefined;
}

type Answer = ImageStream | ImageStreamTag | ImageStreamImport | { readonly kind?: undefined };

const WRITES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Adds to the answers of writes what does not depend on who wrote: the repository of a stream that did not pass the
 * store (a dry run), and the warning of insecure transport.
 */
export function finishAnswers(app: FastifyInstance, parts: FinishParts): void {
  app.addHook('preSerialization', async (request, reply, payload: unknown) => {
    if (!WRITES.has(request.method) || typeof payload !== 'object' || payload === null) {
      return payload;
    }
    const answer: Answer = payload;
    const written = await writtenStream(answer, parts);
    const warning = written && insecureWarning(written);
    if (warning !== undefined) reply.header('warning', warning);
    const { registryHostname } = parts;
    return answer.kind === 'ImageStream' && registryHostname !== undefined
      ? withRepository(answer, registryHostname)
      : answer;
  });
}

async function writtenStream(
  answer: Answer,
  { streams }: FinishParts,
): Promise<ImageStream | undefined> {
  switch (answer.kind) {
    case 'ImageStream':
      return answer;
    case 'ImageStreamImport':
      return answer.status.import;
    case 'ImageStreamTag': {
      // A tag does not tell the annotations of its stream. What is written is written, whether this can be read or not.
      const { namespace = '', name } = answer.metadata;
      const key = { namespace, name: name.split(':', 1)[0] ?? '' };
      return streams.read(key).catch(() => undefined);
    }
    default:
      return undefined;
  }
}
