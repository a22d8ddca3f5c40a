import type { Frames } from '../watch/stream-frames.ts';
import type { MoveLog } from './move-log.ts';
import type { Move } from './moves-of.ts';

/** ms of silence after which a comment is sent, so that proxies keep the connection. */
const KEEP_ALIVE = 15_000;
/** ms after which a browser comes back when the connection broke. */
const COME_BACK = 2_000;
const BATCH = 50;

const encoder = new TextEncoder();

export interface MoveFramesRequest {
  /** Tells one run of the process from another: event numbers begin anew with each. */
  readonly run: string;
  /** What the browser saw last. */
  readonly lastEventId: string | undefined;
  readonly signal: AbortSignal;
}

/** Moves as server-sent events: the held ones that the reader has not seen, then those to come. Source: HTML standard §9.2. */
export async function* moveFrames({ log }: MoveLog, request: MoveFramesRequest): Frames {
  const { run, lastEventId, signal } = request;
  let position = log.read(seenUpTo(run, lastEventId), 1) ? seenUpTo(run, lastEventId) : log.first;
  yield [encoder.encode(`retry: ${COME_BACK}\n\n`)];
  while (!signal.aborted) {
    const moves = log.read(position, BATCH);
    const start = position;
    position = moves === undefined ? log.first : position + moves.length;
    if (moves === undefined) continue;
    yield moves.map((move, index) => encodeMove(`${run}-${start + index}`, move));
    if (moves.length > 0) continue;
    await log.changed(position, KEEP_ALIVE, signal);
    if (log.next === position && !signal.aborted) yield [encoder.encode(': nothing new\n\n')];
  }
}

/** The number of the first event that a reader has not seen; 0 when it comes from another run, or for the first time. */
function seenUpTo(run: string, lastEventId: string | undefined): number {
  const [seenRun, number = ''] = lastEventId?.split('-') ?? [];
  return seenRun === run && /^\d{1,15}$/.test(number) ? Number(number) + 1 : 0;
}

function encodeMove(id: string, move: Move): Uint8Array {
  return encoder.encode(`id: ${id}\nevent: move\ndata: ${JSON.stringify(move)}\n\n`);
}
