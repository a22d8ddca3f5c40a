import type { FileHandle } from 'node:fs/promises';

/**
 * Bytes that wait for the disk while more are taken. One write to the file then carries what came during the last one: 16 KiB
 * pieces of a TLS connection cost a fraction of a write each. Twice this much is in memory at most.
 */
const WRITE_BEHIND = 1024 * 1024;

/**
 * A file that is appended to, written behind:
 *
 * ```
 *   append ──▶ queue ──▶ batch (one writev at a time) ──▶ file
 *                │ full: append waits for the batch         │
 *                                        readAt ◀───────────┘ waits until the bytes are there
 * ```
 *
 * No byte is copied. After a failure everything fails with it.
 */
export class AppendedFile {
  readonly #file: FileHandle;
  #queue: Uint8Array[] = [];
  #queued = 0;
  /** Bytes in the file. */
  #stored = 0;
  #length = 0;
  /** Settles, never rejects, when what is being written is in the file. */
  #batch: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Bytes that were taken. */
  get length(): number {
    return this.#length;
  }

  /** Takes a piece, which must not change afterwards, in the order of the calls. */
  async append(chunk: Uint8Array): Promise<void> {
    this.#throwFailure();
    if (chunk.length === 0) return;
    this.#queue.push(chunk);
    this.#queued += chunk.length;
    this.#length += chunk.length;
    this.#batch ??= this.#writeQueue();
    if (this.#queued < WRITE_BEHIND) return;
    await this.#batch;
    this.#throwFailure();
  }

  /** At most `length` bytes from `position` on. */
  async readAt(position: number, length: number): Promise<Buffer> {
    const end = Math.min(position + length, this.#length);
    if (end <= position) return Buffer.alloc(0);
    await this.#untilStored(end);
    const buffer = Buffer.allocUnsafe(end - position);
    const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, position);
    return buffer.subarray(0, bytesRead);
  }

  /** Resolves when all bytes are in the file; on the disk they are only after its sync. */
  async flush(): Promise<void> {
    await this.#untilStored(this.#length);
  }

  /** Closes the file when nothing is written or read any more; what still waits is lost. */
  async close(): Promise<void> {
    this.#queue = [];
    this.#queued = 0;
    await this.#batch;
    await this.#file.close();
  }

  async #untilStored(end: number): Promise<void> {
    while (this.#stored < end && this.#batch !== undefined) await this.#batch;
    this.#throwFailure();
  }

  async #writeQueue(): Promise<void> {
    const chunks = this.#queue;
    this.#queue = [];
    this.#queued = 0;
    try {
      await this.#writeAll(chunks);
      this.#batch = this.#queue.length > 0 ? this.#writeQueue() : undefined;
    } catch (error) {
      this.#failure = { error };
      this.#batch = undefined;
    }
  }

  /** A full disk cuts a write short before it refuses the next one. */
  async #writeAll(chunks: readonly Uint8Array[]): Promise<void> {
    let rest = chunks;
    while (rest.length > 0) {
      const { bytesWritten } = await this.#file.writev(rest, this.#stored);
      this.#stored += bytesWritten;
      rest = withoutFirst(rest, bytesWritten);
    }
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

/** The pieces without their first `count` bytes. */
function withoutFirst(chunks: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let left = count;
  const first = chunks.findIndex((chunk) => {
    if (chunk.length > left) return true;
    left -= chunk.length;
    return false;
  });
  if (first === -1) return [];
  const [cut, ...rest] = chunks.slice(first);
  return cut === undefined ? [] : [cut.subarray(left), ...rest];
}
