import type { BlobDraft, ByteRange } from '@tagtrail/blob-store';
import { RecentChunks } from './recent-chunks.ts';

/** Where the bytes of a reader go. */
export interface ByteSink {
  /** False when no more is wanted just now; `onDrain` tells when it is again. */
  write(chunk: Uint8Array): boolean;
  onDrain(wanted: () => void): void;
  /** All bytes of the range were written, and what they belong to was verified. */
  end(): void;
  /** The rest will not come: cut, so that nobody takes the part for the whole. */
  fail(error: unknown): void;
}

/** Bytes read back at a time for a reader that is behind. */
const READ_BACK = 256 * 1024;

/**
 * A blob that is being written, and those who read it meanwhile: each at its own pace, from where it likes. The last
 * byte of what a reader wants is held back until everything was verified, so that nobody takes for good what turns out
 * to be part of another blob.
 *
 * ```
 *   0 ──────────── reader B ──────────── reader A ──▶ size
 *        read back from the draft    out of memory
 * ```
 */
export class GrowingBlob {
  readonly #draft: BlobDraft;
  readonly #readers = new Set<Reader>();
  readonly #recent = new RecentChunks();
  /** Bytes that readers may have. */
  #shown = 0;
  #empty = Promise.withResolvers<void>();
  #state: 'growing' | 'verified' | { readonly error: unknown } = 'growing';

  constructor(draft: BlobDraft) {
    this.#draft = draft;
  }

  /** Bytes that were taken. */
  get written(): number {
    return this.#shown;
  }

  /** Resolves when nobody reads from the draft any more. */
  get left(): Promise<void> {
    return this.#readers.size === 0 ? Promise.resolve() : this.#empty.promise;
  }

  /** Appends, in the order of the calls; readers have it at once. Resolves when it waits no more. Throws BlobStoreError. */
  async write(chunk: Uint8Array): Promise<void> {
    const position = this.#draft.written;
    const taken = this.#draft.write(chunk);
    this.#show(position, chunk);
    await taken;
  }

  /** Nothing more comes. Throws BlobStoreError `mismatch` when it is not what was announced; else shows the rest. */
  verify(): void {
    this.#draft.verify();
    this.#state = 'verified';
    for (const reader of this.#readers) reader.pump();
  }

  /** Readers that are left take what they lack from the draft: they may be slow, and many. */
  forgetRecent(): void {
    this.#recent.clear();
  }

  /** Cuts everybody off, those too who come later. */
  fail(error: unknown): void {
    this.#state = { error };
    for (const reader of [...this.#readers]) this.#dismiss(reader, error);
  }

  /** Sends `range` to the sink. The function returned takes the reader away. */
  read(range: ByteRange, sink: ByteSink): () => void {
    const reader = new Reader(range, sink, {
      written: () => this.#shown,
      recent: (position) => this.#recent.from(position),
      isVerified: () => this.#state === 'verified',
      readAt: (position, length) => this.#draft.readAt(position, length),
      leave: () => this.#leave(reader),
    });
    this.#readers.add(reader);
    if (typeof this.#state === 'object') this.#dismiss(reader, this.#state.error);
    else reader.pump();
    return () => {
      reader.stop();
      this.#leave(reader);
    };
  }

  #show(position: number, chunk: Uint8Array): void {
    // What the draft refused is nobody's.
    if (this.#draft.written === position) return;
    this.#recent.add(position, chunk);
    this.#shown = this.#draft.written;
    for (const reader of this.#readers) reader.pump();
  }

  #leave(reader: Reader): void {
    this.#readers.delete(reader);
    if (this.#readers.size > 0) return;
    this.#empty.resolve();
    this.#empty = Promise.withResolvers<void>();
  }

  #dismiss(reader: Reader, error: unknown): void {
    this.#leave(reader);
    reader.fail(error);
  }
}

interface Source {
  readonly written: () => number;
  /** What is in memory from a position on; undefined: it must be read back. */
  readonly recent: (position: number) => Uint8Array | undefined;
  readonly isVerified: () => boolean;
  readonly readAt: (position: number, length: number) => Promise<Uint8Array>;
  readonly leave: () => void;
}

class Reader {
  readonly #sink: ByteSink;
  readonly #source: Source;
  /** Behind the last byte that is wanted. */
  readonly #end: number;
  #position: number;
  /** It waits for the sink, or for bytes that are read back. */
  #busy = false;
  #stopped = false;

  constructor({ start, end }: ByteRange, sink: ByteSink, source: Source) {
    this.#position = start;
    this.#end = end + 1;
    this.#sink = sink;
    this.#source = source;
  }

  /** Goes on as far as it can: to what was written by now, or to the end. */
  pump(): void {
    while (!(this.#stopped || this.#busy) && this.#position < this.#available) {
      const recent = this.#source.recent(this.#position);
      if (recent === undefined) void this.#readBack();
      else this.#send(recent.subarray(0, this.#available - this.#position));
    }
    if (!(this.#stopped || this.#busy) && this.#position >= this.#end) this.#finish();
  }

  stop(): void {
    this.#stopped = true;
  }

  fail(error: unknown): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#sink.fail(error);
  }

  /** Behind the last byte that may be sent by now. */
  get #available(): number {
    const limit = this.#source.isVerified() ? this.#end : this.#end - 1;
    return Math.min(limit, this.#source.written());
  }

  #send(chunk: Uint8Array): void {
    this.#position += chunk.length;
    if (this.#sink.write(chunk)) return;
    this.#busy = true;
    this.#sink.onDrain(() => {
      this.#busy = false;
      this.pump();
    });
  }

  async #readBack(): Promise<void> {
    this.#busy = true;
    const length = Math.min(this.#available - this.#position, READ_BACK);
    try {
      const chunk = await this.#source.readAt(this.#position, length);
      this.#busy = false;
      if (this.#stopped) return;
      this.#send(chunk);
      this.pump();
    } catch (error) {
      this.#source.leave();
      this.fail(error);
    }
  }

  #finish(): void {
    this.#stopped = true;
    this.#source.leave();
    this.#sink.end();
  }
}
