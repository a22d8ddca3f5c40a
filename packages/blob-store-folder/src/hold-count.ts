import type { Digest } from '@tagtrail/image-reference';

/** Who holds which blob in this process. */
export class HoldCount {
  readonly #counts = new Map<Digest, number>();

  readonly isHeld = (digest: Digest): boolean => this.#counts.has(digest);

  /** Holds a blob until the function returned is called, once. */
  hold(digest: Digest): () => void {
    this.#counts.set(digest, (this.#counts.get(digest) ?? 0) + 1);
    return () => {
      const left = (this.#counts.get(digest) ?? 0) - 1;
      if (left > 0) this.#counts.set(digest, left);
      else this.#counts.delete(digest);
    };
  }
}
