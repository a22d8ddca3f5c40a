import { type Digest, isDigest } from '@tagtrail/image-reference';
import { type Descriptor, decodeManifest } from '@tagtrail/oci';

/** What a manifest names by digest. */
export interface NamedContent {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** It has other places than the registry, which are never asked; the registry may well not have it. */
  readonly isForeign: boolean;
}

/** A manifest taken apart as far as serving needs it. */
export interface ImageContents {
  readonly mediaType: string;
  /** Config and layers. */
  readonly blobs: readonly NamedContent[];
  /** Entries of an index. */
  readonly manifests: readonly NamedContent[];
  readonly subject: Digest | undefined;
}

/** Reads a manifest; undefined when it is none. What the sender called it counts less than what it says of itself. */
export function imageContents(
  text: string,
  mediaType: string | undefined,
): ImageContents | undefined {
  const decoded = decodeManifest(text, mediaType);
  if (!decoded.ok) return undefined;
  const { manifest } = decoded;
  const subject = manifest.subject?.digest;
  const found = { mediaType: manifest.mediaType, subject };
  return manifest.kind === 'index'
    ? { ...found, blobs: [], manifests: manifest.manifests.map(named) }
    : { ...found, blobs: [manifest.config, ...manifest.layers].map(named), manifests: [] };
}

function named({ digest, size, urls = [] }: Descriptor): NamedContent {
  return { digest, size, isForeign: urls.length > 0 };
}

/** Whether a text from a record is a digest that can be served. */
export function digestIn(text: string | undefined): Digest | undefined {
  return text !== undefined && isDigest(text) ? text : undefined;
}
