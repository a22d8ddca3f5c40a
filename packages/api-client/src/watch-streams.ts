import { isStatus, type WatchEvent } from '@tagtrail/apimachinery';
import type { ImageStream } from '@tagtrail/image-stream';
import type { ApiConnection, Query } from './api-connection.ts';
import { ApiError, unintelligible, unreachable } from './api-error.ts';
import { chunksOf } from './read-body.ts';
import { readLines } from './read-lines.ts';
import { ResumeDelay } from './resume-delay.ts';

/** ms of silence after which a connection counts as cut; the server sends a bookmark each 60 s. */
const SILENCE_LIMIT = 150_000;
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

export interface WatchOptions {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Go on after this version; absent = the current streams first, as ADDED. */
  readonly resourceVersion?: string;
  /** Passes BOOKMARK events on; they carry nothing but a version and, once, the end of the current streams. */
  readonly bookmarks?: boolean;
  /** The server has answered before: a first connection that fails is tried again like a later one. */
  readonly reached?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Watches a collection; one connection after the other, each from where the last one was cut.
 *
 *     connect ──▶ read events ──cut──▶ wait ──▶ connect …
 *        │             └─ERROR 410─▶ throw        └─ too often in vain ─▶ throw
 *        └─ refused for good ─▶ throw
 */
export async function* watchStreams(
  connection: ApiConnection,
  path: string,
  options: WatchOptions,
): AsyncGenerator<WatchEvent<ImageStream>, void> {
  const { signal, bookmarks, resourceVersion, reached = false, ...selectors } = options;
  const position = new WatchPosition(resourceVersion, reached);
  const pause = new ResumeDelay();
  while (signal?.aborted !== true) {
    let failure: ApiError | undefined;
    try {
      const query = { ...selectors, ...position.query() };
      const onOpen = () => position.connected();
      for await (const event of readEvents(connection, { path, query, signal, onOpen })) {
        pause.reset();
        position.note(event);
        if (event.type !== 'BOOKMARK' || bookmarks) yield event;
      }
    } catch (error) {
      failure = asApiError(error, connection);
    }
    await resumeOrThrow({ connection, position, pause, failure, signal });
  }
}

interface Cut {
  readonly connection: ApiConnection;
  readonly position: WatchPosition;
  readonly pause: ResumeDelay;
  /** Undefined when the server ended the watch in good order. */
  readonly failure: ApiError | undefined;
  readonly signal: AbortSignal | undefined;
}

async function resumeOrThrow({ connection, position, pause, ...cut }: Cut): Promise<void> {
  if (cut.signal?.aborted) return;
  const { failure = cutTooEarly(connection) } = cut;
  const isFinal = !failure.retryable || !position.isResumable;
  if (isFinal || !(await pause.wait(cut.signal))) throw failure;
}

/** How far a watch is. Before the current streams are complete there is no version to resume from. */
class WatchPosition {
  #resourceVersion: string | undefined;
  #isConnected: boolean;

  constructor(resourceVersion: string | undefined, reached: boolean) {
    this.#resourceVersion = resourceVersion;
    this.#isConnected = reached;
  }

  /** A first connection that fails is reported at once: the caller may have the wrong address. */
  get isResumable(): boolean {
    return this.#isConnected && this.#resourceVersion !== undefined;
  }

  query(): Query {
    const common = { watch: true, allowWatchBookmarks: true };
    if (this.#resourceVersion !== undefined) {
      return { ...common, resourceVersion: this.#resourceVersion };
    }
    return { ...common, sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' };
  }

  connected(): void {
    this.#isConnected = true;
  }

  note({ type, object }: WatchEvent<ImageStream>): void {
    if (isStatus(object)) return;
    const { resourceVersion, annotations } = object.metadata;
    const isComplete =
      this.#resourceVersion !== undefined ||
      (type === 'BOOKMARK' && annotations?.[INITIAL_EVENTS_END] === 'true');
    if (isComplete && resourceVersion !== undefined) this.#resourceVersion = resourceVersion;
  }
}

interface EventSource {
  readonly path: string;
  readonly query: Query;
  readonly signal: AbortSignal | undefined;
  readonly onOpen: () => void;
}

async function* readEvents(
  connection: ApiConnection,
  { path, query, signal, onOpen }: EventSource,
): AsyncGenerator<WatchEvent<ImageStream>, void> {
  const silence = new AbortController();
  const either = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
  const startTimer = () => setTimeout(() => silence.abort(), SILENCE_LIMIT);
  let timer = startTimer();
  try {
    const response = await connection.open({ path, query, signal: either });
    onOpen();
    for await (const line of readLines(chunksOf(response))) {
      clearTimeout(timer);
      timer = startTimer();
      yield decodeEvent(line);
    }
  } finally {
    clearTimeout(timer);
  }
}

function decodeEvent(line: string): WatchEvent<ImageStream> {
  const event = parseEvent(line);
  if (event.type !== 'ERROR') return event;
  if (isStatus(event.object)) throw new ApiError(event.object, event.object.code ?? 500);
  throw unintelligible('the watch ended with an error that is no Status');
}

function parseEvent(line: string): WatchEvent<ImageStream> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw unintelligible('a line of the watch is not JSON', { cause });
  }
  const isEvent =
    typeof value === 'object' && value !== null && 'type' in value && 'object' in value;
  if (!isEvent) throw unintelligible('a line of the watch is no event');
  return value as WatchEvent<ImageStream>;
}

/** What breaks while a body is read is a cut connection. */
function asApiError(error: unknown, { server }: ApiConnection): ApiError {
  return error instanceof ApiError ? error : unreachable(server, error);
}

function cutTooEarly({ server }: ApiConnection): ApiError {
  return unreachable(server, new Error('the watch was cut before it was under way'));
}
