import type { ServerResponse } from 'node:http';
import type { ByteRange, HeldBlob } from '@tagtrail/blob-store';
import type { Digest } from '@tagtrail/image-reference';
import type { ImageStream } from '@tagtrail/image-stream';
import type { Download } from '../blobs/download.ts';
import type { ByteSink } from '../blobs/growing-blob.ts';
import { type BlobSources, isDownload, obtainBlob } from '../blobs/obtain-blob.ts';
import { isOf } from '../images/manifest-documents.ts';
import type { StreamBlob, StreamContents } from '../images/stream-contents.ts';
import type { StreamImages } from '../images/stream-images.ts';
import { RegistryFault } from '../registry-fault.ts';
import { IMMUTABLE, type Served } from './answer-manifest.ts';
import { parseRange } from './byte-range.ts';
import { entityTag, isNamedBy } from './entity-tag.ts';
import type { Exchange, Headers } from './exchange.ts';
import { limitTransfer } from './limit-transfer.ts';
import { sendCopy } from './send-copy.ts';

const NOTHING = Buffer.alloc(0);
/** Bytes that may wait for a client beside a download; Node would have it wait for a turn of the event loop after each chunk. */
const AHEAD = 256 * 1024;

export interface BlobParts extends BlobSources {
  readonly images: Pick<StreamImages, 'blob'>;
  readonly contents: Pick<StreamContents, 'configOf'>;
}

/** What of a blob goes out, and under which headers. */
interface Answer {
  readonly status: 200 | 206;
  readonly headers: Headers;
  readonly range: ByteRange;
}

/**
 * Answers GET and HEAD of a blob; throws while nothing was sent. A blob comes from the records, from the store, from a
 * download that runs, or from a new one, in this order.
 */
export async function answerBlob(
  exchange: Exchange,
  { stream, digest }: { readonly stream: ImageStream; readonly digest: Digest },
  parts: BlobParts,
): Promise<Served> {
  const blob = await parts.images.blob(stream, digest);
  const { request, response, isHead } = exchange;
  if (isNamedBy(request.headers['if-none-match'], digest)) {
    response.writeHead(304, { etag: entityTag(digest), 'cache-control': IMMUTABLE }).end();
    return served('record', 0);
  }
  const answer = answerFor(exchange, blob);
  if (isHead) {
    response.writeHead(answer.status, answer.headers).end();
    return served('record', 0);
  }
  const length = answer.range.end - answer.range.start + 1;
  limitTransfer(response, length);
  const bytes = blob.size === 0 ? emptyBlob(digest) : await parts.contents.configOf(blob);
  if (bytes !== undefined) {
    response.writeHead(answer.status, { ...answer.headers, 'tagtrail-source': 'record' });
    response.end(bytes.subarray(answer.range.start, answer.range.end + 1));
    return served('record', length);
  }
  const source = await obtainBlob(stream, blob, parts);
  if (isDownload(source)) await sendDownload(response, answer, source);
  else await sendHeld(response, answer, source);
  // Whoever left has not got all of it, and nobody knows how much.
  const sent = response.writableFinished ? length : 0;
  return served(isDownload(source) ? 'upstream' : 'copy', sent);
}

function answerFor({ request, isHead }: Exchange, { digest, size }: StreamBlob): Answer {
  const etag = entityTag(digest);
  const { range, 'if-range': ifRange } = request.headers;
  const wanted = parseRange(
    { range: isHead ? undefined : range, ifRange: asText(ifRange) },
    size,
    etag,
  );
  const headers = {
    'content-type': 'application/octet-stream',
    'accept-ranges': 'bytes',
    'docker-content-digest': digest,
    etag,
    'cache-control': IMMUTABLE,
  };
  if (wanted.kind === 'none') {
    const message = `blob ${digest} has ${size} bytes, and none in the range that was asked for`;
    throw new RegistryFault('RANGE_INVALID', message, {
      headers: { 'content-range': `bytes */${size}` },
    });
  }
  if (wanted.kind === 'whole') {
    return {
      status: 200,
      headers: { ...headers, 'content-length': size },
      range: { start: 0, end: size - 1 },
    };
  }
  const { start, end } = wanted.range;
  const part = {
    'content-length': end - start + 1,
    'content-range': `bytes ${start}-${end}/${size}`,
  };
  return { status: 206, headers: { ...headers, ...part }, range: wanted.range };
}

function asText(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}

/** Nothing need be asked for; but a digest that claims to be of nothing must be. */
function emptyBlob(digest: Digest): Buffer {
  if (isOf(digest, NOTHING)) return NOTHING;
  const message = `blob ${digest}: its descriptor says that it is empty, and its digest that it is not`;
  throw new RegistryFault('UNAVAILABLE', message, { status: 502 });
}

/** It was verified when it was stored. A client that leaves, or is cut off, is no error. */
async function sendHeld(response: ServerResponse, answer: Answer, held: HeldBlob): Promise<void> {
  try {
    response.writeHead(answer.status, { ...answer.headers, 'tagtrail-source': 'copy' });
    await sendCopy(response, held, answer.range);
  } catch {
    response.destroy();
  } finally {
    await held[Symbol.asyncDispose]();
  }
}

/** The answer begins with the first byte from upstream: until then its failure can still be told. */
async function sendDownload(
  response: ServerResponse,
  answer: Answer,
  download: Download,
): Promise<void> {
  await download.begun;
  if (response.destroyed) return;
  response.writeHead(answer.status, { ...answer.headers, 'tagtrail-source': 'upstream' });
  await new Promise<void>((resolve) => {
    const stop = download.read(answer.range, sinkOf(response));
    response.once('close', () => {
      stop();
      resolve();
    });
  });
}

function sinkOf(response: ServerResponse): ByteSink {
  return {
    write(chunk) {
      response.write(chunk);
      return response.writableLength < AHEAD;
    },
    onDrain: (wanted) => void response.once('drain', wanted),
    end: () => void response.end(),
    fail: () => void response.destroy(),
  };
}

function served(from: Served['from'], size: number): Served {
  return { from, size, isLastKnownGood: false };
}
