import type { BlobDraft, ByteRange } from '@tagtrail/blob-store';
import type { Digest } from '@tagtrail/image-reference';
import { type ByteSink, GrowingBlob } from './growing-blob.ts';

/** Bytes that may wait for the disk before the upstream is told to pause: a few round trips of a fast line. */
const QUEUE_HIGH = 4 * 1024 * 1024;
/** Bytes that may still wait when the upstream goes on. */
const QUEUE_LOW = 1024 * 1024;

/** A blob that is asked for, with the size that the manifest says. */
export interface WantedBlob {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/** Gets the bytes from `offset` on, whoever has them, and hands them over in order. Throws when it cannot be had whole. */
export type FetchBlob = (
  blob: WantedBlob & { readonly offset: number },
  sink: { write(chunk: Buffer): Promise<void> | undefined },
  signal: AbortSignal,
) => Promise<void>;

export interface DownloadParts {
  readonly blob: WantedBlob;
  readonly draft: BlobDraft;
  readonly fetch: FetchBlob;
  /** Aborts it when the process stops. */
  readonly signal: AbortSignal;
}

/**
 * One download of one blob, for however many ask for it: bytes go to the draft and, from there, to all who read. Nobody
 * who leaves stops it.
 *
 * ```
 *   begun ──first byte──▶ flowing ──all, verified──▶ committing ──▶ stored
 *     └──────────────┬──────┘ error                      └─error──▶ gone; readers have what they wanted
 *                    ▼
 *                  failed: readers are cut off, the draft goes
 * ```
 */
export class Download {
  readonly blob: WantedBlob;
  readonly #parts: DownloadParts;
  readonly #growing: GrowingBlob;
  readonly #begun = Promise.withResolvers<void>();
  readonly #stored = Promise.withResolvers<void>();
  readonly #queue: Buffer[] = [];
  #queued = 0;
  #received = 0;
  #pumping: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #drained: (() => void) | undefined;

  constructor(parts: DownloadParts) {
    this.#parts = parts;
    this.blob = parts.blob;
    this.#growing = new GrowingBlob(parts.draft);
    // Whoever waits for the beginning hears of a failure; nobody need wait.
    this.#begun.promise.catch(() => undefined);
    this.#stored.promise.catch(() => undefined);
  }

  /** Resolves when bytes have come, so that an answer may begin. Rejects with what the upstream said instead. */
  get begun(): Promise<void> {
    return this.#begun.promise;
  }

  /** Resolves when it is in the store. Rejects when it will not be. */
  get stored(): Promise<void> {
    return this.#stored.promise;
  }

  /** Sends a part to the sink as it comes. The function returned takes the reader away. */
  read(range: ByteRange, sink: ByteSink): () => void {
    return this.#growing.read(range, sink);
  }

  /** Resolves when it is stored. Rejects when it is not, after everybody who reads has been cut off. */
  async run(): Promise<void> {
    const { draft, fetch, blob, signal } = this.#parts;
    try {
      const sink = { write: (chunk: Buffer) => this.#take(chunk) };
      await fetch({ ...blob, offset: 0 }, sink, signal);
      await this.#pumping;
      if (this.#failure !== undefined) throw this.#failure.error;
      this.#growing.verify();
      this.#begun.resolve();
      await draft.commit();
      this.#stored.resolve();
    } catch (error) {
      this.#begun.reject(error);
      this.#stored.reject(error);
      this.#growing.fail(error);
      throw error;
    }
  }

  /** Cuts off everybody who reads. */
  cut(error: unknown): void {
    this.#growing.fail(error);
  }

  /** Frees the draft once nobody reads from it any more. */
  async close(): Promise<void> {
    await this.#parts.draft[Symbol.asyncDispose]();
  }

  /** Resolves when nobody reads from it any more. */
  get left(): Promise<void> {
    return this.#growing.left;
  }

  /** Bytes that have come so far. */
  get received(): number {
    return this.#received;
  }

  #take(chunk: Buffer): Promise<void> | undefined {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#queue.push(chunk);
    this.#queued += chunk.length;
    this.#received += chunk.length;
    this.#pumping ??= this.#pump();
    if (this.#queued < QUEUE_HIGH) return undefined;
    return new Promise((resolve) => {
      this.#drained = resolve;
    });
  }

  /** Writes what waits. A failure is kept for whoever brings the next piece. */
  async #pump(): Promise<void> {
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        await this.#growing.write(next);
        this.#begun.resolve();
        this.#queued -= next.length;
        if (this.#queued <= QUEUE_LOW) this.#goOn();
      }
    } catch (error) {
      this.#failure = { error };
      this.#queue.length = 0;
      this.#goOn();
    }
    this.#pumping = undefined;
  }

  #goOn(): void {
    this.#drained?.();
    this.#drained = undefined;
  }
}
