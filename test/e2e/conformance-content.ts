import { createHash, hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Digest } from '@tagtrail/image-reference';
import { MEDIA_TYPE } from '@tagtrail/oci';
import type { ContentDescriptor, ContentManifest, RepositoryContent } from './content-server.ts';

export interface Platform {
  readonly os: string;
  readonly architecture: string;
}

/** What is common to manifests and indexes. */
export interface ManifestTraits {
  readonly tag?: string;
  readonly artifactType?: string;
  readonly subject?: ContentDescriptor;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ImageTraits extends ManifestTraits {
  readonly platform?: Platform;
  /** Two of their own unless told. */
  readonly layers?: readonly ContentDescriptor[];
  /** An image config unless told. */
  readonly config?: ContentDescriptor;
}

export interface ContentTraits {
  readonly algorithm?: 'sha256' | 'sha512';
  /** Descriptors carry the content itself. */
  readonly embedded?: boolean;
  /** Manifests and configs have fields that no specification knows. */
  readonly extraFields?: boolean;
  readonly uncompressed?: boolean;
}

const EXTRA = { 'org.example.extra': { of: ['no', 'specification'] }, futureField: 7 };
const LINUX: Platform = { os: 'linux', architecture: 'amd64' };

/** Makes the manifests and blobs of one repository. The same calls make the same bytes. */
export class ContentBuilder implements RepositoryContent {
  readonly tags = new Map<string, Digest>();
  readonly manifests = new Map<Digest, ContentManifest>();
  readonly blobs = new Map<Digest, Buffer>();
  readonly referrers = new Map<string, ContentDescriptor[]>();
  readonly #seed: string;
  readonly #traits: ContentTraits;
  #count = 0;

  constructor(seed: string, traits: ContentTraits = {}) {
    this.#seed = seed;
    this.#traits = traits;
  }

  /** Bytes that nothing else has. */
  uniqueBytes(length: number): Buffer {
    this.#count += 1;
    return createHash('shake256', { outputLength: length })
      .update(`${this.#seed} ${this.#count}`)
      .digest();
  }

  blob(mediaType: string, bytes: Buffer): ContentDescriptor {
    const { digest, size } = this.#named(bytes);
    this.blobs.set(digest, bytes);
    return { mediaType, digest, size, ...this.#embedding(bytes) };
  }

  /** The layers of an image that was made here. */
  layersOf({ digest }: Pick<ContentDescriptor, 'digest'>): readonly Digest[] {
    const { bytes } = this.manifests.get(digest) ?? { bytes: '{}' };
    const { layers = [] } = JSON.parse(bytes.toString()) as { layers?: ContentDescriptor[] };
    return layers.map((one) => one.digest);
  }

  layer(): ContentDescriptor {
    const text = Buffer.from(`file ${this.uniqueBytes(256).toString('hex')}\n`);
    return this.#traits.uncompressed === true
      ? this.blob(MEDIA_TYPE.ociLayer, text)
      : this.blob(MEDIA_TYPE.ociLayerGzip, gzipSync(text));
  }

  /** What artifacts have in place of a config, and of layers when they have none. */
  empty(): ContentDescriptor {
    return this.blob(MEDIA_TYPE.ociEmpty, Buffer.from('{}'));
  }

  image({ layers, config, platform = LINUX, ...traits }: ImageTraits = {}): ContentDescriptor {
    const made = layers ?? [this.layer(), this.layer()];
    const { tag, ...fields } = traits;
    const document = {
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociManifest,
      ...fields,
      config: config ?? this.#config(platform, made),
      layers: made,
    };
    return this.#manifest(document, tag);
  }

  /** Something else than an image: an empty config, and one layer of the type. */
  artifact(artifactType: string, traits: ImageTraits = {}): ContentDescriptor {
    const { layers = [this.blob(artifactType, this.uniqueBytes(2048))], ...more } = traits;
    return this.image({ artifactType, config: this.empty(), layers, ...more });
  }

  index(
    entries: readonly (readonly [ContentDescriptor, Platform?])[],
    { tag, ...fields }: ManifestTraits = {},
  ): ContentDescriptor {
    const manifests = entries.map(([entry, platform]) => ({
      ...entry,
      ...(platform && { platform }),
    }));
    const document = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, ...fields, manifests };
    return this.#manifest(document, tag);
  }

  #config(platform: Platform, layers: readonly ContentDescriptor[]): ContentDescriptor {
    const rootfs = { type: 'layers', diff_ids: layers.map(({ digest }) => digest) };
    const config = { ...platform, author: this.#seed, rootfs };
    return this.blob(MEDIA_TYPE.ociConfig, this.#written(config));
  }

  #manifest(
    document: ManifestTraits & {
      readonly mediaType: string;
      readonly config?: ContentDescriptor;
    },
    tag: string | undefined,
  ): ContentDescriptor {
    const bytes = this.#written(document);
    const { digest, size } = this.#named(bytes);
    const { mediaType, subject, annotations, config } = document;
    const artifactType = document.artifactType ?? config?.mediaType;
    this.manifests.set(digest, { mediaType, bytes });
    if (tag !== undefined) this.tags.set(tag, digest);
    const descriptor = { mediaType, digest, size };
    if (subject !== undefined) {
      const kind = { ...(artifactType && { artifactType }), ...(annotations && { annotations }) };
      const list = this.referrers.get(subject.digest) ?? [];
      this.referrers.set(subject.digest, [...list, { ...descriptor, ...kind }]);
    }
    return { ...descriptor, ...this.#embedding(bytes) };
  }

  #written(document: object): Buffer {
    const extra = this.#traits.extraFields === true ? EXTRA : {};
    return Buffer.from(JSON.stringify({ ...document, ...extra }));
  }

  #named(bytes: Buffer): { readonly digest: Digest; readonly size: number } {
    const { algorithm = 'sha256' } = this.#traits;
    return { digest: `${algorithm}:${hash(algorithm, bytes, 'hex')}`, size: bytes.length };
  }

  #embedding(bytes: Buffer): { readonly data?: string } {
    return this.#traits.embedded === true ? { data: bytes.toString('base64') } : {};
  }
}
