import { createCipheriv, hash } from 'node:crypto';
import type { Digest } from '@tagtrail/image-reference';
import { MEDIA_TYPE } from '@tagtrail/oci';

/** Every side has its repositories under this name; for Tagtrail it is the namespace. */
export const NAMESPACE = 'bench';
/** The repository of small images, and the one of the large layer. */
export const APP = `${NAMESPACE}/app`;
export const LAYER = `${NAMESPACE}/layer`;
export const LAYER_TAG = 'latest';
/** Of the repository of small images. */
export const TAGS = 200;
/** Bytes: a layer as those of machine learning are, large against every buffer on its way. */
export const LAYER_BYTES = 256 * 1024 * 1024;
/** Layers of a small image: its manifest has 1 kB then. */
const SMALL_LAYERS = 5;

/** Something with a digest. */
export interface Content {
  readonly digest: Digest;
  readonly bytes: Buffer;
}

/** An image of one tag. */
export interface BenchImage {
  readonly repository: string;
  readonly tag: string;
  readonly manifest: Content;
  readonly blobs: readonly Content[];
}

/** The same images in every process that asks. */
export function smallImages(): readonly BenchImage[] {
  const layers = numbered(SMALL_LAYERS, (at) => contentOf(Buffer.from(`layer ${at}`)));
  return numbered(TAGS, (at) => imageOf(APP, `v${at}`, layers));
}

/** Of one layer, {@link LAYER_BYTES} long. */
export function largeImage(): BenchImage {
  return imageOf(LAYER, LAYER_TAG, [contentOf(noise(LAYER_BYTES))]);
}

/** The layer of an image that has one; the config is the last blob. */
export function layerOf({ blobs: [layer] }: BenchImage): Content {
  if (layer === undefined) throw new Error('there is no layer');
  return layer;
}

function imageOf(repository: string, tag: string, layers: readonly Content[]): BenchImage {
  const diffs = layers.map(({ digest }) => digest);
  const made = { architecture: 'amd64', os: 'linux', config: { Labels: { tag } } };
  const rootfs = { type: 'layers', diff_ids: diffs };
  const config = contentOf(Buffer.from(JSON.stringify({ ...made, rootfs })));
  const descriptor = ({ digest, bytes }: Content, mediaType: string) => {
    return { mediaType, digest, size: bytes.length };
  };
  const layer = 'application/vnd.oci.image.layer.v1.tar+gzip';
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociManifest,
    config: descriptor(config, MEDIA_TYPE.ociConfig),
    layers: layers.map((one) => descriptor(one, layer)),
  };
  const text = Buffer.from(JSON.stringify(manifest));
  return { repository, tag, manifest: contentOf(text), blobs: [...layers, config] };
}

function contentOf(bytes: Buffer): Content {
  return { bytes, digest: `sha256:${hash('sha256', bytes, 'hex')}` };
}

/** The same bytes each time, and none of them like another: a stream cipher over nothing. */
function noise(size: number): Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 'tagtrail'), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(size));
}

function numbered<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
