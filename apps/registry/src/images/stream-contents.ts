import type { Digest } from '@tagtrail/image-reference';
import type { ImageStream, ImageStreamStore, TagKey } from '@tagtrail/image-stream';
import { digestIn, type NamedContent } from './image-contents.ts';
import { LruMap } from './lru-map.ts';
import { isOf, type ManifestDocuments, type ServedManifest } from './manifest-documents.ts';

/** Blobs of streams that are known, over all streams; an entry takes some 200 bytes. */
const MAX_KNOWN_BLOBS = 500_000;
/** Images looked through for one blob: a stream of 1,000 tags with 20 stays each. */
const MAX_SCANNED_IMAGES = 20_000;
/** Images read at a time while looking. */
const SCAN_BATCH = 32;
/** Manifests that are asked for a config; a few images of a stream may share one. */
const MAX_HOLDERS_ASKED = 4;
/** Events of a history read at a time. */
const HISTORY_PAGE = 1_000;

/** A blob of a stream. */
export interface StreamBlob extends Omit<NamedContent, 'isForeign'> {
  /** The manifests of the stream that name it, as far as they are known; the newest first. */
  readonly holders: ReadonlySet<Digest>;
}

interface Known {
  /** The record whose images were all looked at; a change of the record is another one. */
  searched?: ImageStream;
  readonly blobs: Map<string, { readonly size: number; readonly holders: Set<Digest> }>;
  readonly seen: Set<string>;
  /** What manifests of the stream say they are about, whether it is there or not. */
  readonly subjects: Set<string>;
}

export interface StreamContentsParts {
  readonly documents: ManifestDocuments;
  readonly streams: Pick<ImageStreamStore, 'history'>;
}

/**
 * Which blobs belong to a stream: those that a manifest of the stream names, and no others, whatever the store of blobs
 * holds for other streams. Source: CVE-2024-39897, a blob of one repository served to readers of another.
 */
export class StreamContents {
  readonly #parts: StreamContentsParts;
  /** By uid of the stream. */
  readonly #known = new LruMap<string, Known>(MAX_KNOWN_BLOBS);

  constructor(parts: StreamContentsParts) {
    this.#parts = parts;
  }

  /** Takes note of a manifest that belongs to the stream. */
  note(stream: ImageStream, manifest: ServedManifest): void {
    const known = this.#of(stream);
    if (known.seen.has(manifest.digest)) return;
    known.seen.add(manifest.digest);
    const { subject } = manifest.contents;
    if (subject !== undefined) known.subjects.add(subject);
    for (const { digest, size } of manifest.contents.blobs) {
      const blob = known.blobs.get(digest) ?? { size, holders: new Set<Digest>() };
      blob.holders.add(manifest.digest);
      known.blobs.set(digest, blob);
    }
    this.#known.set(uidOf(stream), known, known.blobs.size + known.seen.size);
  }

  /** Undefined when it does not belong to the stream. Throws StoreError. */
  async find(stream: ImageStream, digest: Digest): Promise<StreamBlob | undefined> {
    await this.#searchUntil(stream, () => this.known(stream, digest) !== undefined);
    return this.known(stream, digest);
  }

  /** Whether a manifest of the stream says that it is about this one. Throws StoreError. */
  async isSubject(stream: ImageStream, digest: Digest): Promise<boolean> {
    const isFound = () => this.#of(stream).subjects.has(digest);
    await this.#searchUntil(stream, isFound);
    return isFound();
  }

  /** The bytes of a config, which the records keep beside its manifest; undefined for every other blob. */
  async configOf({ digest, holders }: StreamBlob): Promise<Buffer | undefined> {
    for (const holder of [...holders].slice(0, MAX_HOLDERS_ASKED)) {
      const manifest = await this.#parts.documents.read(holder);
      if (manifest?.config === undefined || manifest.contents.blobs[0]?.digest !== digest) continue;
      const bytes = Buffer.from(manifest.config);
      if (isOf(digest, bytes)) return bytes;
    }
    return undefined;
  }

  /** Whether a manifest was noted. */
  hasSeen(stream: ImageStream, digest: Digest): boolean {
    return this.#of(stream).seen.has(digest);
  }

  /** Without looking for it. */
  known(stream: ImageStream, digest: Digest): StreamBlob | undefined {
    const blob = this.#of(stream).blobs.get(digest);
    if (blob === undefined) return undefined;
    return { digest, ...blob };
  }

  /** Looks through the images of the stream, newest first, and what they are made of. */
  async #searchUntil(stream: ImageStream, isFound: () => boolean): Promise<void> {
    // Whoever asks for what is not there would have whole histories read each time.
    if (isFound() || this.#known.get(uidOf(stream))?.searched === stream) return;
    let batch: Digest[] = [];
    let scanned = 0;
    for await (const image of imagesOf(stream, this.#parts.streams)) {
      if (this.#of(stream).seen.has(image)) continue;
      batch.push(image);
      if (batch.length < SCAN_BATCH) continue;
      scanned += await this.#look(stream, batch);
      if (isFound() || scanned > MAX_SCANNED_IMAGES) return;
      batch = [];
    }
    await this.#look(stream, batch);
    const known = this.#of(stream);
    known.searched = stream;
    this.#known.set(uidOf(stream), known, known.blobs.size + known.seen.size);
  }

  /** Reads manifests and, of indexes, their entries; how many. */
  async #look(stream: ImageStream, images: readonly Digest[]): Promise<number> {
    let count = 0;
    let level = images;
    while (level.length > 0 && count < MAX_SCANNED_IMAGES) {
      const next: Digest[] = [];
      for (let at = 0; at < level.length; at += SCAN_BATCH) {
        const some = level.slice(at, at + SCAN_BATCH);
        const read = await Promise.all(some.map((one) => this.#parts.documents.read(one)));
        for (const manifest of read) {
          if (manifest === undefined) continue;
          this.note(stream, manifest);
          next.push(...manifest.contents.manifests.map((entry) => entry.digest));
        }
      }
      count += level.length;
      const { seen } = this.#of(stream);
      level = [...new Set(next)].filter((one) => !seen.has(one));
    }
    return count;
  }

  #of(stream: ImageStream): Known {
    const known = this.#known.get(uidOf(stream)) ?? {
      blobs: new Map(),
      seen: new Set(),
      subjects: new Set(),
    };
    return known;
  }
}

/** Every image that a tag of the stream was at: those of the record, then those of the whole histories. */
export async function* imagesOf(
  stream: ImageStream,
  streams: Pick<ImageStreamStore, 'history'>,
): AsyncGenerator<Digest, void> {
  yield* recordedImages(stream);
  const { namespace = '', name } = stream.metadata;
  for (const { tag, items } of stream.status.tags ?? []) {
    const key = { namespace, name, uid: uidOf(stream), tag };
    yield* olderImages(streams, key, items?.length ?? 0);
  }
}

/** The newest of each tag, then the second of each, and so on. */
function* recordedImages(stream: ImageStream): Generator<Digest, void> {
  const tags = stream.status.tags ?? [];
  const depth = Math.max(0, ...tags.map(({ items }) => items?.length ?? 0));
  for (let index = 0; index < depth; index += 1) {
    for (const { items } of tags) {
      const digest = digestIn(items?.[index]?.image);
      if (digest !== undefined) yield digest;
    }
  }
}

async function* olderImages(
  streams: Pick<ImageStreamStore, 'history'>,
  key: TagKey,
  recorded: number,
): AsyncGenerator<Digest, void> {
  for (let offset = recorded; ; offset += HISTORY_PAGE) {
    const page = await streams.history(key, { offset, limit: HISTORY_PAGE });
    yield* page.flatMap(({ image }) => digestIn(image) ?? []);
    if (page.length < HISTORY_PAGE) return;
  }
}

function uidOf(stream: ImageStream): string {
  return stream.metadata.uid ?? '';
}
