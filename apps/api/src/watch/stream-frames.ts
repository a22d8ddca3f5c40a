import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { delay } from '@tagtrail/lifecycle';
import type { FastifyReply } from 'fastify';

/** ms a reader may leave its connection full before it is cut off. */
const STALL_LIMIT = 30_000;
/** ms to learn whether the frames can start at all, so that a refusal is an HTTP status and not a frame. */
const START_LIMIT = 2_000;

export type Frames = AsyncGenerator<readonly Uint8Array[], void>;

export interface FrameStream {
  readonly contentType: string;
  readonly frames: Frames;
  /** The last frame when something fails after the start. */
  readonly failure: (error: unknown) => Uint8Array;
  /** ms; only tests wait less. */
  readonly stallLimit?: number;
}

/**
 * Answers with frames until they end. Headers are sent before the first frame; what fails before that is thrown.
 * A slow reader holds at most one frame beyond the socket's own buffer, and is cut off when it stalls.
 */
export async function streamFrames(reply: FastifyReply, stream: FrameStream): Promise<void> {
  const { frames } = stream;
  const first = frames.next();
  await settledOrLate(first);
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { ...headersOf(reply), 'content-type': stream.contentType });
  raw.flushHeaders();
  try {
    await writeAll(raw, first, stream);
  } catch (error) {
    if (raw.writable) raw.write(stream.failure(error));
  } finally {
    await frames.return();
    raw.end();
  }
}

async function settledOrLate(first: Promise<unknown>): Promise<void> {
  const settled = new AbortController();
  try {
    await Promise.race([first, delay(START_LIMIT, settled.signal)]);
  } finally {
    settled.abort();
  }
}

async function writeAll(
  raw: ServerResponse,
  first: ReturnType<Frames['next']>,
  { frames, stallLimit = STALL_LIMIT }: FrameStream,
): Promise<void> {
  for (let step = await first; step.done !== true; step = await frames.next()) {
    for (const frame of step.value) {
      if (!raw.writable) return;
      if (!raw.write(frame) && !(await isDrained(raw, stallLimit))) {
        raw.destroy();
        return;
      }
    }
  }
}

async function isDrained(raw: ServerResponse, limit: number): Promise<boolean> {
  const given = new AbortController();
  const close = () => given.abort();
  raw.once('close', close);
  try {
    await once(raw, 'drain', {
      signal: AbortSignal.any([given.signal, AbortSignal.timeout(limit)]),
    });
    return true;
  } catch {
    return false; // closed, failed or stalled: nobody reads any more
  } finally {
    raw.off('close', close);
  }
}

function headersOf(reply: FastifyReply): Record<string, string | number | string[]> {
  const entries = Object.entries(reply.getHeaders()).filter(
    (entry): entry is [string, string | number | string[]] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}
