import type { Layer } from './build-layer.ts';
import { buildLayer } from './build-layer.ts';
import { digestOf } from './digest.ts';
import type { ImageFormat, ImageLayout, PushedChild, StoredManifest } from './image-spec.ts';
import { WIRE_MEDIA_TYPE } from './media-type.ts';
import { parsePlatform } from './platform.ts';

/** Everything the content of a made image depends on: equal stamps give equal digests. */
export interface ImageStamp {
  readonly seed: string;
  /** RFC 3339. */
  readonly created: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly format: ImageFormat;
}

/** A blob that a manifest refers to. */
export interface BlobReference {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** The same in every image, as a distribution's lowest layer is: clients see a blob they know. */
const LOWEST_LAYER = buildLayer('etc/os-release', 'NAME="Registry Simulator"\n');

const FORMATS = {
  oci: {
    manifest: WIRE_MEDIA_TYPE.ociManifest,
    config: WIRE_MEDIA_TYPE.ociConfig,
    layer: WIRE_MEDIA_TYPE.ociLayer,
  },
  docker: {
    manifest: WIRE_MEDIA_TYPE.dockerManifest,
    config: WIRE_MEDIA_TYPE.dockerConfig,
    layer: WIRE_MEDIA_TYPE.dockerLayer,
  },
} as const;

/** A whole single-platform image: manifest, config and two layers that real clients unpack. */
export function buildImage(stamp: ImageStamp, platform: string): ImageLayout {
  const mediaTypes = FORMATS[stamp.format];
  const layers = [LOWEST_LAYER, buildLayer('etc/simulated-image', `${stamp.seed}\n${platform}\n`)];
  const config = jsonBytes(imageConfig(stamp, platform, layers));
  const root = storedManifest(mediaTypes.manifest, {
    config: blobReference(mediaTypes.config, config),
    layers: layers.map(({ blob }) => blobReference(mediaTypes.layer, blob)),
  });
  const blobs = new Map(layers.map(({ digest, blob }) => [digest, blob]));
  return { root, below: [], blobs: blobs.set(digestOf(config), config) };
}

/** The manifest document of a media type, with the version and type fields every one carries. */
export function storedManifest(
  mediaType: string,
  fields: object,
  children: readonly PushedChild[] = [],
): StoredManifest {
  const body = jsonBytes({ schemaVersion: 2, mediaType, ...fields });
  return { digest: digestOf(body), mediaType, body, children };
}

export function blobReference(mediaType: string, blob: Buffer): BlobReference {
  return { mediaType, digest: digestOf(blob), size: blob.length };
}

export function jsonBytes(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function imageConfig(stamp: ImageStamp, platform: string, layers: readonly Layer[]): object {
  const { created } = stamp;
  return {
    created,
    ...parsePlatform(platform),
    config: {
      Env: ['PATH=/usr/local/bin:/usr/bin:/bin'],
      Cmd: ['/bin/sh'],
      Labels: { 'org.opencontainers.image.title': 'simulated image', ...stamp.labels },
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: [
      { created, created_by: 'COPY os-release /etc/' },
      { created, created_by: 'COPY simulated-image /etc/' },
      { created, created_by: 'CMD ["/bin/sh"]', empty_layer: true },
    ],
  };
}
