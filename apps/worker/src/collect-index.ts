import type { Digest } from '@tagtrail/image-reference';
import type { ImageIndex } from '@tagtrail/oci';
import type { FetchedManifest } from '@tagtrail/registry-client';
import {
  type CollectedImage,
  collectManifest,
  decodeFetched,
  type Fetcher,
  invalid,
  type StoredImage,
} from './collect-manifest.ts';
import { type CollectFailure, fetchPart } from './fetch-part.ts';

/** An index may hold an index; nobody nests deeper than a few. */
export const MAX_DEPTH = 4;
/** Images of one index, nested ones included; the largest public ones have some forty. */
const MAX_IMAGES = 200;
/** Characters of manifests and configs of one index together: forty images have well under one million. */
const MAX_TEXT = 32 * 1024 * 1024;
/** Entries fetched at a time, so that one import takes a share of a host's connections. */
const ENTRIES_AT_A_TIME = 4;

/** The index itself and everything it is made of, or why it cannot be had whole. */
export async function collectIndex(
  fetcher: Fetcher,
  fetched: FetchedManifest,
  index: ImageIndex,
): Promise<CollectedImage> {
  const collector = new IndexCollector(fetcher);
  const failure = await collector.add({ fetched, index, depth: 1 });
  return failure ?? { ok: true, chosen: fetched.digest, images: collector.images };
}

interface IndexAt {
  readonly fetched: FetchedManifest;
  readonly index: ImageIndex;
  readonly depth: number;
}

/** What was collected so far, each image once, and how much of it there may be. */
class IndexCollector {
  readonly #fetcher: Fetcher;
  readonly #images = new Map<string, StoredImage>();
  #text = 0;

  constructor(fetcher: Fetcher) {
    this.#fetcher = fetcher;
  }

  get images(): readonly StoredImage[] {
    return [...this.#images.values()];
  }

  async add({ fetched, index, depth }: IndexAt): Promise<CollectFailure | undefined> {
    if (depth > MAX_DEPTH) return invalid(`the index nests deeper than ${MAX_DEPTH}`);
    const entries = [...new Set(index.manifests.map((entry) => entry.digest))];
    if (entries.length > MAX_IMAGES) return tooMany(entries.length);
    for (let at = 0; at < entries.length; at += ENTRIES_AT_A_TIME) {
      const part = entries.slice(at, at + ENTRIES_AT_A_TIME);
      const failures = await Promise.all(part.map((digest) => this.#addEntry(digest, depth)));
      const failure = failures.find((one) => one !== undefined);
      if (failure !== undefined) return failure;
    }
    const { digest, text: manifest } = fetched;
    const parts = entries.flatMap((entry) => [entry, ...(this.#images.get(entry)?.parts ?? [])]);
    return this.#keep([{ digest, mediaType: index.mediaType, manifest, parts }]);
  }

  async #addEntry(digest: Digest, depth: number): Promise<CollectFailure | undefined> {
    if (this.#images.has(digest)) return undefined;
    const { registry, target, signal } = this.#fetcher;
    const fetched = await fetchPart(digest, registry.fetchManifest(target, digest, signal));
    if (!fetched.ok) return fetched;
    const { part } = fetched;
    const decoded = decodeFetched(part);
    if (!decoded.ok) return decoded;
    const { manifest } = decoded;
    const inside = depth + 1;
    if (manifest.kind === 'index')
      return this.add({ fetched: part, index: manifest, depth: inside });
    const collected = await collectManifest(this.#fetcher, part, manifest);
    return collected.ok ? this.#keep(collected.images) : collected;
  }

  #keep(images: readonly StoredImage[]): CollectFailure | undefined {
    for (const image of images) {
      if (this.#images.has(image.digest)) continue;
      this.#images.set(image.digest, image);
      this.#text += image.manifest.length + (image.config?.length ?? 0);
    }
    if (this.#images.size > MAX_IMAGES + 1) return tooMany(this.#images.size - 1);
    return this.#text > MAX_TEXT
      ? invalid(`the index and its images have more than ${MAX_TEXT} characters of metadata`)
      : undefined;
  }
}

function tooMany(images: number): CollectFailure {
  return invalid(`the index has ${images} images, at most ${MAX_IMAGES} are kept`);
}
