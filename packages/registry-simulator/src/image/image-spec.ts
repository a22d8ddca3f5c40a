/** Whether documents are written with OCI's or with Docker's (schema 2) media types. */
export type ImageFormat = 'oci' | 'docker';

/** What every image the simulator makes may choose. */
export interface ImageTraits {
  /** `oci` unless told. */
  readonly format?: ImageFormat;
  /** Pins the content: equal specs with equal seeds give equal digests in every repository. */
  readonly seed?: string | number;
  /** RFC 3339; the time of the push unless told, and a fixed time when there is a seed. */
  readonly created?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** One image: a manifest, its config and two layers. */
export interface SingleImage extends ImageTraits {
  /** `os/architecture[/variant]`; `linux/amd64` unless told. */
  readonly platform?: string;
}

/** An OCI index, or a Docker manifest list, over one image per platform. */
export interface MultiPlatformImage extends ImageTraits {
  readonly platforms: readonly string[];
  /** Adds BuildKit's `unknown/unknown` provenance entry beside every image. */
  readonly attestations?: boolean;
}

/** An image that is already here: moves a tag back, or copies it from another repository. */
export interface SameImage {
  readonly sameAs: string;
  /** The repository that has it; the one pushed to unless told. */
  readonly from?: string;
}

/**
 * Bytes served exactly as given, valid or not: schema 1, artifacts, nested indexes, broken
 * documents.
 */
export interface VerbatimImage {
  readonly manifest: string;
  /** Sent as Content-Type, parameters and all. */
  readonly mediaType: string;
  readonly blobs?: readonly string[];
}

/** What to push. `{}` is a single-platform OCI image that differs from every other push. */
export type ImageSpec = SingleImage | MultiPlatformImage | SameImage | VerbatimImage;

/** An entry of a pushed index. */
export interface PushedChild {
  readonly digest: string;
  /** `os/architecture[/variant]`, or `unknown/unknown` for an attestation. */
  readonly platform: string;
}

/** A manifest as the registry keeps and serves it. */
export interface StoredManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly body: Buffer;
  readonly children: readonly PushedChild[];
}

/**
 * Everything a push brings: the tagged manifest, the manifests below it, and all blobs by digest.
 */
export interface ImageLayout {
  readonly root: StoredManifest;
  readonly below: readonly StoredManifest[];
  readonly blobs: ReadonlyMap<string, Buffer>;
}
