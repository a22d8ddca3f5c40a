import type { StoredBlob } from '@tagtrail/blob-store';
import type { Digest } from '@tagtrail/image-reference';

interface IndexedBlob extends StoredBlob {
  size: number;
  usedAt: number;
  /** The last survey that found it. */
  seen: number;
}

/**
 * What is stored, as far as this process knows: its own doings at once, those of others after the next survey. It serves
 * counting and eviction only; whether a blob is there is asked of the folder. 260 MB for a million blobs.
 *
 * The map is in the order of use, least recent first: who is used moves to the end.
 */
export class BlobIndex {
  readonly #blobs = new Map<Digest, IndexedBlob>();
  #bytes = 0;
  #survey = 0;

  get count(): number {
    return this.#blobs.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(digest: Digest): StoredBlob | undefined {
    return this.#blobs.get(digest);
  }

  digests(): readonly Digest[] {
    return [...this.#blobs.keys()];
  }

  leastRecentFirst(): Iterable<StoredBlob> {
    return this.#blobs.values();
  }

  /** Adds a blob, or corrects its size and moves its last use forward, never back. */
  put({ digest, size, usedAt }: StoredBlob): void {
    const known = this.#blobs.get(digest);
    const isUse = known === undefined || usedAt > known.usedAt;
    const blob = known ?? { digest, size: 0, usedAt, seen: 0 };
    this.#bytes += size - blob.size;
    blob.size = size;
    blob.seen = this.#survey;
    if (!isUse) return;
    blob.usedAt = usedAt;
    this.#blobs.delete(digest);
    this.#blobs.set(digest, blob);
  }

  delete(digest: Digest): void {
    this.#bytes -= this.#blobs.get(digest)?.size ?? 0;
    this.#blobs.delete(digest);
  }

  /** From now on blobs that are found or put count as seen. */
  beginSurvey(): void {
    this.#survey += 1;
  }

  /** Notes that the survey found a file. Whether it was known. */
  see(digest: Digest): boolean {
    const blob = this.#blobs.get(digest);
    if (blob !== undefined) blob.seen = this.#survey;
    return blob !== undefined;
  }

  /** Yields for each blob, so that the caller can pause; drops those that the survey looked for and did not find. */
  *dropUnseen(wasLookedFor: (digest: Digest) => boolean): Generator<void> {
    for (const blob of this.#blobs.values()) {
      if (blob.seen < this.#survey && wasLookedFor(blob.digest)) this.delete(blob.digest);
      yield;
    }
  }
}
