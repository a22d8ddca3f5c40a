/** Bytes that are kept: a reader that is this far behind needs no disk. Chunks are the same for all readers. */
const KEPT = 2 * 1024 * 1024;

interface PlacedChunk {
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** The newest chunks of something that grows, for those who are a little behind. */
export class RecentChunks {
  readonly #chunks: PlacedChunk[] = [];
  #kept = 0;

  /** The next one, from `position` on; it must not change afterwards. */
  add(position: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.push({ position, bytes });
    this.#kept += bytes.length;
    // The newest one stays, however long it is.
    while (this.#kept > KEPT && this.#chunks.length > 1) {
      this.#kept -= this.#chunks.shift()?.bytes.length ?? 0;
    }
  }

  clear(): void {
    this.#chunks.length = 0;
    this.#kept = 0;
  }

  /** What follows `position` in the chunk that has it; undefined when none has. */
  from(position: number): Uint8Array | undefined {
    const chunk = this.#chunks.findLast((one) => one.position <= position);
    const rest = chunk?.bytes.subarray(position - chunk.position);
    return rest?.length === 0 ? undefined : rest;
  }
}
