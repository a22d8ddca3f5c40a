import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Ending, Reply } from './reply.ts';

/** A slow body goes out in pieces about this far apart: several pieces even of a small manifest. */
const PIECE_INTERVAL_MS = 20;

/**
 * Sends a reply as its delivery says. Stops quietly when the client leaves or the signal aborts.
 *
 *   latency ─► [bad ending, nothing to send first] ─────────────► reset | close | hang
 *           └► head ─► body, at once or in pieces, up to the cut ─► complete | reset | close | hang
 */
export async function deliverReply(
  response: ServerResponse,
  reply: Reply,
  closing: AbortSignal,
): Promise<void> {
  const { latency, rate, cut, ending } = reply.delivery;
  const signal = latency > 0 || rate !== undefined ? untilLeft(response, closing) : closing;
  if (latency > 0) await pause(latency, signal);
  if (signal.aborted) return;
  if (ending === 'complete' || cut !== undefined) {
    writeHead(response, reply);
    if (ending === 'complete' && rate === undefined) {
      response.end(reply.body);
      return;
    }
    await writeBody(response, reply, signal);
  }
  if (!signal.aborted) leave(response, ending);
}

/** Content-Length is that of the whole body: it is what makes a cut noticeable. */
function writeHead(response: ServerResponse, { status, headers, body, delivery }: Reply): void {
  const hasLength = status !== 204 && status !== 304 && delivery.length !== 'none';
  const length = hasLength
    ? { 'Content-Length': delivery.length === 'empty' ? '' : body.length }
    : {};
  response.writeHead(status, { ...headers, ...length });
}

async function writeBody(
  response: ServerResponse,
  reply: Reply,
  signal: AbortSignal,
): Promise<void> {
  response.flushHeaders();
  const body = bodyToSend(response, reply);
  const { rate = Number.POSITIVE_INFINITY } = reply.delivery;
  const size = Math.max(1, Math.min(body.length, Math.round((rate * PIECE_INTERVAL_MS) / 1000)));
  const interval = (size / rate) * 1000;
  for (let sent = 0; sent < body.length && !signal.aborted; sent += size) {
    await writePiece(response, body.subarray(sent, sent + size));
    if (interval > 0) await pause(interval, signal);
  }
}

function bodyToSend(response: ServerResponse, { body, delivery }: Reply): Buffer {
  if (response.req.method === 'HEAD') return body.subarray(0, 0);
  return delivery.ending === 'complete' ? body : body.subarray(0, delivery.cut);
}

/** Resolves when the piece has left, also when it could not because the client did. */
function writePiece(response: ServerResponse, piece: Buffer): Promise<void> {
  return new Promise((resolve) => {
    response.write(piece, () => resolve());
  });
}

/** A hanging connection stays until the client gives up or the simulator closes. */
function leave(response: ServerResponse, ending: Ending): void {
  if (ending === 'complete') response.end();
  if (ending === 'close') response.destroy();
  if (ending === 'reset') response.socket?.resetAndDestroy();
}

function untilLeft(response: ServerResponse, closing: AbortSignal): AbortSignal {
  const left = new AbortController();
  response.once('close', () => left.abort());
  return AbortSignal.any([left.signal, closing]);
}

/** Also resolves, early, when aborted: the caller looks at the signal. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // The only rejection is the abort.
  await wait(ms, undefined, { signal }).catch(() => undefined);
}
