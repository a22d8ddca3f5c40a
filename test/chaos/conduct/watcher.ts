import { type ApiClient, ApiError } from '@tagtrail/api-client';
import { isStatus } from '@tagtrail/apimachinery';
import type { ImageStream } from '@tagtrail/image-stream';
import { orderedText, type SeenEvent, type WatchSession } from '../judge/judge-watchers.ts';
import type { Tally } from './tally.ts';

/** ms between two attempts to list again. */
const RETRY_PAUSE = 200;
/** ms for a list: a frozen api never answers. */
const LIST_LIMIT = 3_000;

interface Session extends WatchSession {
  readonly seen: SeenEvent[];
}

/** A client that lists and watches, and lists again only when it is told to. */
export class Watcher {
  readonly name: string;
  readonly sessions: Session[] = [];
  readonly #client: ApiClient;
  readonly #tally: Tally;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;

  constructor(name: string, client: ApiClient, tally: Tally) {
    this.name = name;
    this.#client = client;
    this.#tally = tally;
    this.#ended = this.#run();
  }

  /** The newest version that it knows. */
  get version(): number {
    const session = this.sessions.at(-1);
    return session?.seen.at(-1)?.version ?? session?.from ?? 0;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#session();
      } catch (error) {
        if (signal.aborted) return;
        const gone = error instanceof ApiError && error.code === 410;
        this.#tally.add(gone ? 'watchers told to list again (410)' : 'watchers without an api');
        await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE));
      }
    }
  }

  async #session(): Promise<void> {
    const limit = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(LIST_LIMIT)]);
    const { metadata } = await this.#client.streams.listAll({ signal: limit });
    const { resourceVersion = '0' } = metadata;
    const session: Session = { watcher: this.name, from: Number(resourceVersion), seen: [] };
    this.sessions.push(session);
    const events = this.#client.streams.watch({
      resourceVersion,
      reached: true,
      signal: this.#stop.signal,
    });
    for await (const { type, object } of events) {
      if (!isStatus(object)) session.seen.push(seenEvent(type, object));
    }
  }
}

function seenEvent(type: string, object: ImageStream): SeenEvent {
  const { namespace, name, resourceVersion } = object.metadata;
  return {
    type,
    version: Number(resourceVersion),
    member: `${namespace}/${name}`,
    text: orderedText(object),
  };
}
