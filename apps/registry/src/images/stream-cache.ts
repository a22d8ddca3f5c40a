import { compareResourceVersions } from '@tagtrail/apimachinery';
import type { ImageStream, ImageStreamStore, StreamEvent, StreamKey } from '@tagtrail/image-stream';
import { createBackoff, delay } from '@tagtrail/lifecycle';
import { describeError, type Logger } from '@tagtrail/observability';
import { LruMap } from './lru-map.ts';

/** Streams kept: those that clients pull from. One has some KiB. */
const MAX_STREAMS = 2_000;
/** ms between attempts to follow the changes again. */
const BACKOFF = { first: 100, max: 5_000 };
/** ms after a failed read in which what is kept is answered from at once: else every pull would wait for Redis in vain. */
const FAILURE_REST = 5_000;
/** ms for which what is kept is answered from while Redis cannot be asked: its records cannot change meanwhile. */
const BLIND_TRUST = 24 * 3_600_000;

interface Kept {
  readonly stream: ImageStream;
}

export interface StreamCacheParts {
  readonly streams: Pick<ImageStreamStore, 'read' | 'list' | 'watch'>;
  readonly logger: Logger;
  /** ms from any start. */
  readonly now: () => number;
}

/**
 * Records as they are now, mostly without asking Redis: what is kept follows the change log.
 *
 * ```
 *   blind ──list──▶ following ──batch──▶ kept entries replaced or dropped
 *     ▲                 │
 *     └──── broken ─────┘   while blind: Redis is asked, and only if it does not answer, what is kept is
 * ```
 */
export class StreamCache {
  readonly #parts: StreamCacheParts;
  readonly #kept = new LruMap<string, Kept>(MAX_STREAMS);
  /** Reads under way; a change that comes meanwhile makes what they bring old. */
  readonly #reading = new Map<
    string,
    { promise: Promise<ImageStream | undefined>; changed: boolean }
  >();
  #following = false;
  #blindSince: number;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: StreamCacheParts) {
    this.#parts = parts;
    this.#blindSince = parts.now();
  }

  /** Throws StoreError when the record is neither kept nor to be had. */
  async read(key: StreamKey): Promise<ImageStream | undefined> {
    const name = nameOf(key);
    const kept = this.#kept.get(name);
    if (kept !== undefined && (this.#following || this.#isInVain())) return kept.stream;
    try {
      return await (this.#reading.get(name)?.promise ?? this.#readAnew(name, key));
    } catch (error) {
      this.#failedAt = this.#parts.now();
      if (kept !== undefined && this.#isTrusted()) return kept.stream;
      throw error;
    }
  }

  #isInVain(): boolean {
    return this.#isTrusted() && this.#parts.now() - this.#failedAt < FAILURE_REST;
  }

  #isTrusted(): boolean {
    return this.#parts.now() - this.#blindSince < BLIND_TRUST;
  }

  /** Follows the changes until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const backoff = createBackoff(BACKOFF);
    while (!signal.aborted) {
      try {
        await this.#follow(signal, () => backoff.reset());
      } catch (error) {
        if (signal.aborted) return;
        this.#goBlind();
        this.#parts.logger.warn(
          { err: describeError(error) },
          'changes of streams cannot be followed',
        );
        await delay(backoff.next(), signal);
      }
    }
  }

  async #follow(signal: AbortSignal, onFollowing: () => void): Promise<void> {
    const { resourceVersion } = await this.#parts.streams.list({ limit: 1 });
    this.#kept.clear();
    for (const reading of this.#reading.values()) reading.changed = true;
    this.#following = true;
    onFollowing();
    for await (const events of this.#parts.streams.watch(resourceVersion, signal)) {
      for (const event of events) this.#take(event);
    }
    this.#goBlind();
  }

  #goBlind(): void {
    if (this.#following) this.#blindSince = this.#parts.now();
    this.#following = false;
  }

  #take({ key, after }: StreamEvent): void {
    const name = nameOf(key);
    const reading = this.#reading.get(name);
    if (reading !== undefined) reading.changed = true;
    const kept = this.#kept.get(name);
    if (kept === undefined) return;
    if (after === undefined) this.#kept.delete(name);
    else if (isNewer(after, kept.stream)) this.#kept.set(name, { stream: after });
  }

  #readAnew(name: string, key: StreamKey): Promise<ImageStream | undefined> {
    const reading = {
      promise: Promise.resolve<ImageStream | undefined>(undefined),
      changed: false,
    };
    reading.promise = this.#parts.streams
      .read(key)
      .then((stream) => {
        const stays = this.#following && !reading.changed;
        if (stream !== undefined && (stays || !this.#following)) this.#kept.set(name, { stream });
        return stream;
      })
      .finally(() => this.#reading.delete(name));
    this.#reading.set(name, reading);
    return reading.promise;
  }
}

function nameOf({ namespace, name }: StreamKey): string {
  return `${namespace}/${name}`;
}

function isNewer(a: ImageStream, b: ImageStream): boolean {
  const [left, right] = [a.metadata.resourceVersion ?? '', b.metadata.resourceVersion ?? ''];
  return compareResourceVersions(left, right) > 0;
}
