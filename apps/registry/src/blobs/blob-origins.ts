import type { Digest } from '@tagtrail/image-reference';
import type { BlobOriginStore, ImageStream } from '@tagtrail/image-stream';
import { LruMap } from '../images/lru-map.ts';
import { type CandidateOptions, nameOf, pullCandidates } from '../images/pull-candidates.ts';

/** Answers kept: what a repository has delivered once, it has delivered. */
const MAX_KNOWN = 100_000;

export interface BlobOriginsParts {
  readonly store: BlobOriginStore;
  readonly ownHosts: CandidateOptions['ownHosts'];
}

/**
 * Who has delivered what. A copy is for those streams alone whose own upstream has shown that it has the blob, by
 * delivering it whole: naming its digest in a manifest proves nothing, since everybody may write manifests.
 */
export class BlobOrigins {
  readonly #parts: BlobOriginsParts;
  /** `uid digest`. */
  readonly #known = new LruMap<string, true>(MAX_KNOWN);
  /** A stream may have thousands of images; the object stays the same until the record changes. */
  readonly #places = new WeakMap<ImageStream, readonly string[]>();

  constructor(parts: BlobOriginsParts) {
    this.#parts = parts;
  }

  /** Whether the stream may have a copy that somebody's pull has made. Throws StoreError. */
  async mayShare(stream: ImageStream, digest: Digest): Promise<boolean> {
    const key = `${stream.metadata.uid ?? ''} ${digest}`;
    if (this.#known.get(key)) return true;
    const delivered = await this.#parts.store.deliveredBy(digest, this.#placesOf(stream));
    if (delivered) this.#known.set(key, true);
    return delivered;
  }

  /** Takes note of a repository, `registry/repository`, that has delivered the blob whole. Throws StoreError. */
  add(digest: Digest, repository: string): Promise<void> {
    return this.#parts.store.add(digest, repository);
  }

  /** The same for streams of the same places: they may share a download. */
  groupOf(stream: ImageStream): string {
    return this.#placesOf(stream).join(' ');
  }

  /** The host of the first of these places; empty when there is none. */
  hostOf(stream: ImageStream): string {
    return this.#placesOf(stream)[0]?.split('/', 1)[0] ?? '';
  }

  #placesOf(stream: ImageStream): readonly string[] {
    const known = this.#places.get(stream);
    if (known !== undefined) return known;
    const { ownHosts } = this.#parts;
    const places = [...new Set(pullCandidates(stream, { ownHosts }).map(nameOf))].sort();
    this.#places.set(stream, places);
    return places;
  }
}
