import { ANSWER_LIMIT, checkAnswer, explain, OVERVIEW_PATH, TokenRefused } from './api-refusal.ts';
import type { OverviewNews } from './overview-state.ts';
import { createEventParser } from './parse-events.ts';
import { pause } from './pause.ts';
import { readNews } from './read-news.ts';

/** ms without a byte after which a connection is given up: the API writes every second, and every 4 s when it has nothing. */
const SILENCE_LIMIT = 10_000;
/** ms before the first attempt to come back; an API that restarts is away for about a second. */
const FIRST_PAUSE = 500;
/** ms between attempts at most: short, because somebody looks at the page. */
const LONGEST_PAUSE = 2_000;

export interface FollowOptions {
  /** Where the API is: '' from a page that it serves. */
  readonly server: string;
  readonly token: string;
  readonly onNews: (news: OverviewNews) => void;
  /** Called each time the connection ends or cannot be made, with the reason for people. */
  readonly onBroken: (reason: string) => void;
  /** Called once when the token is not accepted; nothing more comes then. */
  readonly onRefused: () => void;
  readonly signal: AbortSignal;
}

/**
 * Follows the overview by server-sent events until the signal aborts or the token is refused. `EventSource` can send no
 * token, so this reads the stream itself and comes back with `Last-Event-ID`.
 *
 * ```
 *            ┌──────── events ───────┐
 *            ▼                       │
 *   connecting ──▶ following ────────┘
 *     │   ▲             │ ended, failed, silent
 *     │   └── pause ◀───┘
 *     └─ 401 ─▶ refused
 * ```
 */
export async function followOverview(options: FollowOptions): Promise<void> {
  const place = { lastEventId: '' };
  let wait = FIRST_PAUSE;
  while (!options.signal.aborted) {
    const before = place.lastEventId;
    try {
      await followOnce(options, place);
      options.onBroken('the API ended the connection');
    } catch (error) {
      if (options.signal.aborted) return;
      if (error instanceof TokenRefused) return options.onRefused();
      options.onBroken(explain(error));
    }
    wait = place.lastEventId === before ? Math.min(wait * 2, LONGEST_PAUSE) : FIRST_PAUSE;
    await pause(wait, options.signal);
  }
}

/** One connection, from its request to its end. */
async function followOnce(options: FollowOptions, place: { lastEventId: string }): Promise<void> {
  const silence = new AbortController();
  const giveUp = () => silence.abort(new DOMException('nothing came', 'TimeoutError'));
  let timer = setTimeout(giveUp, ANSWER_LIMIT);
  const signal = AbortSignal.any([options.signal, silence.signal]);
  try {
    const body = await openStream(options, place.lastEventId, signal);
    const parse = createEventParser();
    for await (const piece of readText(body)) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, SILENCE_LIMIT);
      for (const event of parse(piece)) {
        const news = readNews(event);
        if (news !== undefined) options.onNews(news);
        place.lastEventId = event.id;
      }
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

async function openStream(
  { server, token }: FollowOptions,
  lastEventId: string,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const response = await fetch(`${server}${OVERVIEW_PATH}?watch=true`, {
    headers: {
      accept: 'text/event-stream',
      authorization: `Bearer ${token}`,
      ...(lastEventId !== '' && { 'last-event-id': lastEventId }),
    },
    cache: 'no-store',
    signal,
  });
  await checkAnswer(response);
  if (response.body === null) throw new Error('the API answered without a body');
  return response.body;
}

async function* readText(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield decoder.decode(value, { stream: true });
  }
}
