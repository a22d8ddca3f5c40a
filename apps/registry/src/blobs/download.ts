import type { BlobDraft, ByteRange } from '@tagtrail/blob-store';
import type { Digest } from '@tagtrail/image-reference';
import { type ByteSink, GrowingBlob } from './growing-blob.ts';

/** Bytes that may wait for the disk, beside those that the draft writes behind, before the upstream is told to pause. */
const MAX_WAITING = 1024 * 1024;

/** A blob that is asked for, with the size that the manifest says. */
export interface WantedBlob {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/**
 * Gets the bytes from `offset` on, whoever has them, and hands them over in order. Resolves with the repository that
 * delivered all of them, undefined when it took several. Throws when the blob cannot be had whole.
 */
export type FetchBlob = (
  blob: WantedBlob & { readonly offset: number },
  sink: { write(chunk: Buffer): Promise<void> | undefined },
  signal: AbortSignal,
) => Promise<string | undefined>;

export interface DownloadParts {
  readonly blob: WantedBlob;
  readonly draft: BlobDraft;
  readonly fetch: FetchBlob;
  readonly note: (digest: Digest, repository: string) => Promise<void>;
  readonly doubt: (digest: Digest, repository: string) => void;
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
  #received = 0;
  #waiting = 0;
  /** Resolves when the last piece does not wait any more. */
  #writing = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

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

  /** Resolves when it is stored. Rejects when it is not; who reads is cut off unless everything was verified. */
  async run(): Promise<void> {
    try {
      const origin = await this.#receive();
      await this.#store(origin);
      this.#stored.resolve();
    } catch (error) {
      this.#begun.reject(error);
      this.#stored.reject(error);
      throw error;
    }
  }

  /** All of it, verified. Resolves with who delivered it. */
  async #receive(): Promise<string | undefined> {
    const { fetch, doubt, blob, signal } = this.#parts;
    try {
      const sink = { write: (chunk: Buffer) => this.#take(chunk) };
      signal.throwIfAborted();
      const origin = await fetch({ ...blob, offset: 0 }, sink, signal);
      await this.#writing;
      if (this.#failure !== undefined) throw this.#failure.error;
      try {
        this.#growing.verify();
      } catch (error) {
        if (origin !== undefined) doubt(blob.digest, origin);
        throw error;
      }
      this.#begun.resolve();
      return origin;
    } catch (error) {
      this.#growing.fail(error);
      throw error;
    }
  }

  /** Who reads has what was wanted, whatever happens here. */
  async #store(origin: string | undefined): Promise<void> {
    const { draft, note, blob } = this.#parts;
    try {
      // Without the note the copy is of no use to anybody; a crash in between costs one more download.
      if (origin !== undefined) await note(blob.digest, origin);
      await draft.commit();
    } finally {
      this.#growing.forgetRecent();
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

  /** Hashed and shown at once, while it is in the processor's cache; only the disk may be behind. */
  #take(chunk: Buffer): Promise<void> | undefined {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#received += chunk.length;
    this.#waiting += chunk.length;
    this.#writing = this.#write(chunk);
    return this.#waiting < MAX_WAITING ? undefined : this.#writing;
  }

  /** A failure is kept for whoever brings the next piece. */
  async #write(chunk: Buffer): Promise<void> {
    try {
      await this.#growing.write(chunk);
      this.#begun.resolve();
    } catch (error) {
      this.#failure ??= { error };
    } finally {
      this.#waiting -= chunk.length;
    }
  }
}
