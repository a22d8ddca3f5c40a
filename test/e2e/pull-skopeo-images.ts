import { hash } from 'node:crypto';
import { gunzipSync, zstdCompressSync } from 'node:zlib';
import type { Digest } from '@tagtrail/image-reference';
import { MEDIA_TYPE } from '@tagtrail/oci';
import { buildLayer } from '../../packages/registry-simulator/src/image/build-layer.ts';
import { ContentBuilder, type Platform } from './conformance-content.ts';
import type { ContentDescriptor, RepositoryContent } from './content-server.ts';

const AMD64: Platform = { os: 'linux', architecture: 'amd64' };
const ARM64: Platform = { os: 'linux', architecture: 'arm64' };
const SIGNATURE = 'application/vnd.example.signature.v1';

/** The tag of every kind of image. */
export const TAG = 'v1';

const MAKERS = {
  'single-arch image': (builder: ContentBuilder) => image(builder, { tag: TAG }),
  index: (builder: ContentBuilder) => index(builder, TAG),
  'nested index': (builder: ContentBuilder) =>
    builder.index([[index(builder)], [index(builder)]], { tag: TAG }),
  'OCI artifact with subject': (builder: ContentBuilder) => {
    const subject = image(builder, { tag: 'subject' });
    return builder.artifact(SIGNATURE, { subject, tag: TAG });
  },
  'schema2 image': schema2,
  'image with zstd layers': (builder: ContentBuilder) =>
    image(builder, { tag: TAG, layer: zstdLayer }),
} as const;

export type ImageKind = keyof typeof MAKERS;
export const IMAGE_KINDS = Object.keys(MAKERS) as readonly ImageKind[];

/** A repository with an image of a kind that real clients unpack; other seeds give other bytes. */
export function makeImage(kind: ImageKind, seed: string): RepositoryContent {
  const builder = new ContentBuilder(seed);
  MAKERS[kind](builder);
  return builder;
}

/** Manifests of images and artifacts: what clients copy, each as a whole. */
export function leavesOf({ manifests }: RepositoryContent): readonly Digest[] {
  const leaves = [...manifests].filter(([, { mediaType }]) => mediaType !== MEDIA_TYPE.ociIndex);
  return leaves.map(([digest]) => digest);
}

/** Config and layers of a leaf, each once. */
export function blobsOf({ manifests }: RepositoryContent, leaf: Digest): readonly Digest[] {
  const { config, layers }: { config: ContentDescriptor; layers: readonly ContentDescriptor[] } =
    JSON.parse(String(manifests.get(leaf)?.bytes));
  return [...new Set([config, ...layers].map(({ digest }) => digest))];
}

/** A layer, and the digest of its tar before compression. */
interface MadeLayer {
  readonly descriptor: ContentDescriptor;
  readonly diffId: string;
}

interface ImageWish {
  readonly tag?: string;
  readonly platform?: Platform;
  readonly layer?: (builder: ContentBuilder) => MadeLayer;
}

function image(
  builder: ContentBuilder,
  { layer = gzipLayer, platform = AMD64, tag }: ImageWish,
): ContentDescriptor {
  const made = [layer(builder), layer(builder)];
  const config = builder.blob(MEDIA_TYPE.ociConfig, configOf(made, platform));
  const layers = made.map(({ descriptor }) => descriptor);
  return builder.image({ config, layers, ...(tag !== undefined && { tag }) });
}

function index(builder: ContentBuilder, tag?: string): ContentDescriptor {
  const entries = [AMD64, ARM64].map(
    (platform) => [image(builder, { platform }), platform] as const,
  );
  return builder.index(entries, tag === undefined ? {} : { tag });
}

/** The same in Docker's own media types. Source: distribution, "Image Manifest Version 2, Schema 2". */
function schema2(builder: ContentBuilder): void {
  const made = [gzipLayer(builder, MEDIA_TYPE.dockerLayer)];
  const document = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.dockerManifest,
    config: builder.blob(MEDIA_TYPE.dockerConfig, configOf(made, AMD64)),
    layers: made.map(({ descriptor }) => descriptor),
  };
  const bytes = Buffer.from(JSON.stringify(document));
  const digest: Digest = `sha256:${hash('sha256', bytes)}`;
  builder.manifests.set(digest, { mediaType: document.mediaType, bytes });
  builder.tags.set(TAG, digest);
}

function configOf(layers: readonly MadeLayer[], platform: Platform): Buffer {
  const rootfs = { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) };
  return Buffer.from(JSON.stringify({ ...platform, config: {}, rootfs }));
}

function gzipLayer(
  builder: ContentBuilder,
  mediaType: string = MEDIA_TYPE.ociLayerGzip,
): MadeLayer {
  const { blob, diffId } = uniqueLayer(builder);
  return { descriptor: builder.blob(mediaType, blob), diffId };
}

function zstdLayer(builder: ContentBuilder): MadeLayer {
  const { blob, diffId } = uniqueLayer(builder);
  const packed = zstdCompressSync(gunzipSync(blob));
  return { descriptor: builder.blob(MEDIA_TYPE.ociLayerZstd, packed), diffId };
}

function uniqueLayer(builder: ContentBuilder) {
  const text = builder.uniqueBytes(256).toString('hex');
  return buildLayer(`srv/${text.slice(0, 16)}`, text);
}
