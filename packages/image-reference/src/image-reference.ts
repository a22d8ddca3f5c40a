import type { Digest } from './digest.ts';

/** An image reference as it was written: nothing defaulted, nothing folded. */
export interface ImageReference {
  /** `host` or `host:port`; absent for the short forms, which mean Docker Hub. */
  readonly registry?: string;
  /** Slash-separated path, without the `library/` that Docker Hub implies. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}
