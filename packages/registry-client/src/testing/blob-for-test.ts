import { randomBytes } from 'node:crypto';
import type { RequestListener, ServerResponse } from 'node:http';
import type { BlobRange, BlobSink } from '../blob-transfer.ts';
import { computeDigest } from '../content-digest.ts';
import { openForTest, type TestOptions } from './open-for-test.ts';
import type { SeenRequest } from './scripted-server.ts';

/** More than any buffer on the way holds. */
const SIZE = 1024 * 1024;

/** A blob that nothing compresses, and what asks for it. */
export const BLOB: Buffer = randomBytes(SIZE);
export const BLOB_RANGE = { digest: computeDigest(BLOB), size: SIZE } as const;
export const BLOB_PATH = `/v2/team/app/blobs/${BLOB_RANGE.digest}`;

/** A sink that keeps what it gets. */
export interface KeepingSink extends BlobSink {
  bytes(): Buffer;
  /** Chunks it got. */
  readonly chunks: Buffer[];
}

/** `take` decides how long each chunk takes. */
export function keepingSink(
  take: (chunk: Buffer) => Promise<void> | undefined = () => undefined,
): KeepingSink {
  const chunks: Buffer[] = [];
  const write = (chunk: Buffer) => {
    chunks.push(Buffer.from(chunk));
    return take(chunk);
  };
  return { write, chunks, bytes: () => Buffer.concat(chunks) };
}

/** Serves the blob, or the part of it that is asked for. */
export const serveBlob: RequestListener = ({ headers }, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  if (from === 0) return sendLength(response, SIZE).end(BLOB);
  const contentRange = { 'content-range': `bytes ${from}-${SIZE - 1}/${SIZE}` };
  return response
    .writeHead(206, { ...contentRange, 'content-length': SIZE - from })
    .end(BLOB.subarray(from));
};

export function sendLength(response: ServerResponse, length: number): ServerResponse {
  return response.writeHead(200, { 'content-length': length });
}

/** Half of the blob, and then whatever `next` does. */
export function sendHalf(next: (response: ServerResponse) => void): RequestListener {
  return (_, response) =>
    void sendLength(response, SIZE).write(BLOB.subarray(0, SIZE / 2), () => next(response));
}

export interface StreamedForTest {
  /** Undefined when the blob came. */
  readonly error: unknown;
  /** That reached the sink. */
  readonly bytes: Buffer;
  readonly requests: readonly SeenRequest[];
  readonly host: string;
}

/** What comes of asking a server that answers so for the blob, or for `blob`. */
export async function streamForTest(
  answer: RequestListener,
  { blob = BLOB_RANGE, ...options }: TestOptions & { readonly blob?: BlobRange } = {},
): Promise<StreamedForTest> {
  await using registry = await openForTest(answer, options);
  const sink = keepingSink();
  const { signal } = new AbortController();
  const error: unknown = await registry.client
    .streamBlob(registry.target, blob, sink, signal)
    .catch((reason: unknown) => reason);
  return { error, bytes: sink.bytes(), requests: registry.requests, host: registry.host };
}
