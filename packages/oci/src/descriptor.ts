import type { Digest } from '@tagtrail/image-reference';

/** Points at content by type, digest and size. Source: OCI image-spec, "Content Descriptors". */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
  /** The content itself in base64: `size` bytes, not yet checked against `digest`. */
  readonly data?: string;
  /** Other places that claim to have the content; never fetched without the operator's consent. */
  readonly urls?: readonly string[];
}

/** What an index entry runs on; names are GOOS and GOARCH values. Source: OCI image-spec, "Image Index". */
export interface Platform {
  /** Empty when the index leaves it out. */
  readonly os: string;
  /** Empty when the index leaves it out. */
  readonly architecture: string;
  readonly variant?: string;
  readonly 'os.version'?: string;
  readonly 'os.features'?: readonly string[];
  readonly features?: readonly string[];
}
