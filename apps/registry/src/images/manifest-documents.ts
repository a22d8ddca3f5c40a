import { hash } from 'node:crypto';
import { type Digest, digestAlgorithm } from '@tagtrail/image-reference';
import type { ImageDocument, ImageDocumentStore } from '@tagtrail/image-stream';
import { type ImageContents, imageContents } from './image-contents.ts';
import { LruMap } from './lru-map.ts';

/** Bytes of manifests kept in memory: some ten thousand of the usual size. */
const MEMORY_LIMIT = 64 * 1024 * 1024;
/** What an entry weighs beside its bytes: descriptors and maps. */
const ENTRY_WEIGHT = 2_048;

/** A manifest that was verified, as it is served. */
export interface ServedManifest {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly bytes: Buffer;
  readonly contents: ImageContents;
  /** The config's text, where the record keeps it. */
  readonly config: string | undefined;
}

/** Manifests that the records keep: of everything that was ever imported, and of what it is made of. */
export class ManifestDocuments {
  readonly #images: Pick<ImageDocumentStore, 'read'>;
  readonly #kept = new LruMap<string, ServedManifest>(MEMORY_LIMIT);

  constructor(images: Pick<ImageDocumentStore, 'read'>) {
    this.#images = images;
  }

  /** Of memory alone. */
  kept(digest: Digest): ServedManifest | undefined {
    return this.#kept.get(digest);
  }

  /** Undefined when the records have none, or one that is not what its digest says. Throws StoreError `unavailable`. */
  async read(digest: Digest): Promise<ServedManifest | undefined> {
    const kept = this.#kept.get(digest);
    if (kept !== undefined) return kept;
    const document = await this.#images.read(digest);
    return document && this.#keep(digest, document);
  }

  /** Takes what came from elsewhere; undefined when it is not what its digest says, or no manifest. */
  admit(digest: Digest, text: string, mediaType: string | undefined): ServedManifest | undefined {
    return this.#keep(digest, { manifest: text, mediaType });
  }

  #keep(
    digest: Digest,
    document: Pick<ImageDocument, 'manifest' | 'config'> & {
      readonly mediaType: string | undefined;
    },
  ): ServedManifest | undefined {
    const bytes = Buffer.from(document.manifest);
    if (!isOf(digest, bytes)) return undefined;
    const contents = imageContents(document.manifest, document.mediaType);
    if (contents === undefined) return undefined;
    const { mediaType } = contents;
    const manifest = { digest, mediaType, bytes, contents, config: document.config };
    const weight = bytes.length + (document.config?.length ?? 0) + ENTRY_WEIGHT;
    this.#kept.set(digest, manifest, weight);
    return manifest;
  }
}

/** Whether the bytes hash to the digest. */
export function isOf(digest: Digest, bytes: Uint8Array): boolean {
  const algorithm = digestAlgorithm(digest);
  return `${algorithm}:${hash(algorithm, bytes, 'hex')}` === digest;
}
