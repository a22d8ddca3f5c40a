import type { Frames } from '../watch/stream-frames.ts';
import type { OverviewFeed } from './overview-feed.ts';

/** ms of silence after which a comment is sent: proxies and the page, which waits for 10 s, keep the connection. */
const KEEP_ALIVE = 4_000;
/** ms after which a reader comes back when the connection broke. */
const COME_BACK = 2_000;

const encoder = new TextEncoder();

export interface OverviewFramesRequest {
  /** Tells one run of the process from another: numbers begin anew with each. */
  readonly run: string;
  /** What the reader saw last. */
  readonly lastEventId: string | undefined;
  readonly signal: AbortSignal;
  /** ms; only tests wait less. */
  readonly keepAlive?: number;
}

/**
 * Overviews and moves as server-sent events: first what a chart of the last minutes needs that the reader has not seen,
 * then everything as it happens. An event's id stands for all that happened up to it, so that one who comes back with it
 * misses nothing; what was cut off in the middle of the beginning is told again. Source: HTML standard §9.2.
 */
export async function* overviewFrames(feed: OverviewFeed, request: OverviewFramesRequest): Frames {
  const { run, lastEventId, signal, keepAlive = KEEP_ALIVE } = request;
  let seen = seenUpTo(run, lastEventId, feed.newest);
  yield [encoder.encode(`retry: ${COME_BACK}\n\n`), encodeHistory(feed, run, seen)];
  while (!signal.aborted) {
    const newest = feed.newest;
    const frames = encodeNews(feed, run, seen);
    seen = newest;
    yield frames;
    await feed.changed(seen, keepAlive, signal);
    if (feed.newest === seen && !signal.aborted) yield [encoder.encode(': nothing new\n\n')];
  }
}

/** The number of the last event that a reader has seen; 0 when it comes from another run, or for the first time. */
function seenUpTo(run: string, lastEventId: string | undefined, newest: number): number {
  const [seenRun, number = ''] = lastEventId?.split('-') ?? [];
  return seenRun === run && /^\d{1,15}$/.test(number) ? Math.min(Number(number), newest) : 0;
}

/** Moves that follow it are not seen with it, so its number is below theirs. */
function encodeHistory(feed: OverviewFeed, run: string, seen: number): Uint8Array {
  const { samples, moves, overview } = feed.after(seen);
  const next = Math.min(moves[0]?.number ?? feed.newest + 1, overview?.number ?? feed.newest + 1);
  const payload = { samples: samples.map(({ value }) => value) };
  return encodeEvent(`${run}-${next - 1}`, 'history', payload);
}

function encodeNews(feed: OverviewFeed, run: string, seen: number): readonly Uint8Array[] {
  const { moves, overview, trouble } = feed.after(seen);
  const all = [
    ...moves.map((move) => ({ ...move, name: 'move' })),
    ...(overview === undefined ? [] : [{ ...overview, name: 'overview' }]),
    ...(trouble === undefined
      ? []
      : [{ number: trouble.number, value: { message: trouble.value }, name: 'trouble' }]),
  ];
  return all
    .sort((a, b) => a.number - b.number)
    .map(({ number, name, value }) => encodeEvent(`${run}-${number}`, name, value));
}

function encodeEvent(id: string, name: string, payload: unknown): Uint8Array {
  return encoder.encode(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(payload)}\n\n`);
}
