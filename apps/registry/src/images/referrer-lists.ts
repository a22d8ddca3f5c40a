import type { Digest } from '@tagtrail/image-reference';
import type { ImageStream, ReferrerStore } from '@tagtrail/image-stream';
import { digestIn } from './image-contents.ts';
import { LruMap } from './lru-map.ts';
import { NoUpstreamError } from './upstream-faults.ts';
import type { Origin, UpstreamImages } from './upstream-images.ts';

/** ms for which a list is answered again without asking: a scanner asks for each image of a deployment at once. */
const FRESHNESS = 60_000;
/** Lists kept in memory. */
const MAX_LISTS = 1_000;

/** A descriptor as a registry listed it. */
export interface Referrer {
  readonly digest: string;
  readonly artifactType?: string;
}

export interface ReferrerList {
  readonly referrers: readonly Referrer[];
  /** The registry did not answer; this is what it said before. */
  readonly isStale: boolean;
}

export interface ReferrerListsParts {
  readonly upstream: Pick<UpstreamImages, 'fetchReferrers'>;
  readonly store: ReferrerStore;
  /** ms from any start. */
  readonly now: () => number;
}

/** Signatures, SBOMs and the like of images: asked for upstream, and remembered for when that does not answer. */
export class ReferrerLists {
  readonly #parts: ReferrerListsParts;
  readonly #fresh = new LruMap<
    string,
    { readonly at: number; readonly list: Promise<ReferrerList> }
  >(MAX_LISTS);

  constructor(parts: ReferrerListsParts) {
    this.#parts = parts;
  }

  /** Throws NoUpstreamError when nobody answers and nobody ever did. */
  async read(origin: Origin, subject: Digest): Promise<ReferrerList> {
    const key = `${uidOf(origin.stream)} ${subject}`;
    const kept = this.#fresh.get(key);
    if (kept !== undefined && this.#parts.now() - kept.at < FRESHNESS) return kept.list;
    const list = this.#ask(origin, subject);
    this.#fresh.set(key, { at: this.#parts.now(), list });
    list.then(
      ({ isStale }) => isStale && this.#fresh.delete(key),
      () => this.#fresh.delete(key),
    );
    return list;
  }

  /** What a manifest was listed as referrer of. Throws StoreError. */
  subjectOf(stream: ImageStream, digest: Digest): Promise<string | undefined> {
    return this.#parts.store.subjectOf(uidOf(stream), digest);
  }

  /** Every manifest that was listed as a referrer in the stream. Throws StoreError. */
  async listed(stream: ImageStream): Promise<readonly Digest[]> {
    const found = await this.#parts.store.listed(uidOf(stream));
    return found.flatMap((one) => digestIn(one) ?? []);
  }

  async #ask(origin: Origin, subject: Digest): Promise<ReferrerList> {
    const { upstream, store } = this.#parts;
    const uid = uidOf(origin.stream);
    try {
      const { manifests: referrers } = await upstream.fetchReferrers(origin, subject);
      const digests = referrers.map(({ digest }) => digest);
      await store.save(uid, subject, { list: JSON.stringify(referrers), digests });
      return { referrers, isStale: false };
    } catch (error) {
      if (!(error instanceof NoUpstreamError)) throw error;
      const known = await store.read(uid, subject);
      if (known === undefined) throw error;
      return { referrers: JSON.parse(known) as readonly Referrer[], isStale: true };
    }
  }
}

function uidOf(stream: ImageStream): string {
  return stream.metadata.uid ?? '';
}
