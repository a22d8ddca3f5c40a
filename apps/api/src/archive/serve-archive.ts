import { badRequest } from '@tagtrail/apimachinery';
import { type ImageDocumentStore, MAX_ARCHIVE_LINE } from '@tagtrail/image-stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { servePath } from '../http/endpoints.ts';
import { queryText } from '../http/query.ts';
import { statusOf } from '../http/status-of.ts';
import { StatusError } from '../status-error.ts';
import { streamFrames } from '../watch/stream-frames.ts';
import { decodeBatch, decodeMarks, decodeNames } from './decode-request.ts';
import { existingStreams } from './existing-streams.ts';
import { exportStreams } from './export-streams.ts';
import { EntryRefusal, type ImportEntriesParts, importEntries } from './import-entries.ts';

const URL = '/apis/tagtrail.dev/v1/archive';
const RESOURCE = 'archive';
/** Bytes of a batch: as much as the longest line, and the frame around it. */
const BATCH_LIMIT = MAX_ARCHIVE_LINE + 64 * 1024;
/** ms for which whoever writes an export to a disk or through a pipe may stand still. */
const STALL_LIMIT = 300_000;

const encoder = new TextEncoder();

export interface ArchiveParts extends ImportEntriesParts {
  readonly images: Pick<ImageDocumentStore, 'read' | 'save'>;
}

/** Serves backup and restore: the whole of all streams as lines of JSON, and the way back. */
export function serveArchive(app: FastifyInstance, parts: ArchiveParts): void {
  servePath(app, {
    url: URL,
    resource: RESOURCE,
    methods: {
      GET: { verb: 'list', answer: (request, reply) => sendExport(parts, request, reply) },
      POST: {
        verb: 'create',
        bodyLimit: BATCH_LIMIT,
        answer: ({ body }) => importBatch(parts, body),
      },
    },
  });
  servePath(app, {
    url: `${URL}/begin`,
    resource: RESOURCE,
    methods: {
      POST: {
        verb: 'create',
        answer: async ({ body }) => ({
          keepsVersions: await parts.archive.begin(decodeMarks(body)),
        }),
      },
    },
  });
  servePath(app, {
    url: `${URL}/existing`,
    resource: RESOURCE,
    methods: { POST: { verb: 'get', answer: ({ body }) => findExisting(parts, body) } },
  });
}

/** What fails behind the start is the last line; it is no trailer, so nobody takes the rest for an export. */
async function sendExport(
  parts: ArchiveParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  await streamFrames(reply, {
    contentType: 'application/x-ndjson',
    frames: exportStreams(parts, queryText(request, 'namespace')),
    failure: (error) => encoder.encode(`${JSON.stringify(statusOf(error))}\n`),
    stallLimit: STALL_LIMIT,
  });
}

async function importBatch(parts: ArchiveParts, body: unknown) {
  try {
    return await importEntries(parts, decodeBatch(body));
  } catch (error) {
    if (!(error instanceof EntryRefusal)) throw error;
    throw new StatusError(badRequest(`entry ${error.index}: ${error.message}`));
  }
}

async function findExisting({ archive }: ArchiveParts, body: unknown) {
  const existing = await existingStreams(archive, decodeNames(body));
  return { existing: existing.map(({ namespace, name }) => `${namespace}/${name}`) };
}
