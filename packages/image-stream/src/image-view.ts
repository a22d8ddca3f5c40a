import type { ObjectMeta } from '@tagtrail/apimachinery';
import {
  type ContainerConfig,
  type Descriptor,
  decodeImageConfig,
  decodeManifest,
  type ImageConfig,
  type ImageIndex,
  type ImageManifest,
} from '@tagtrail/oci';
import type { ImageDocument } from './image-document.ts';
import { IMAGE_API_VERSION } from './image-stream.ts';
import { StoreError } from './store-error.ts';

/** Says in which order the layers are listed: the lowest first. */
export const LAYERS_ORDER_ANNOTATION = 'image.openshift.io/dockerLayersOrder';

export interface ImageLayer {
  /** Digest of the blob. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly mediaType: string;
}

/** An entry of an index. */
export interface ImageManifestEntry {
  readonly digest: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly manifestSize: number;
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
}

/** What the config says of an image, in the words of Docker's image format 1.0: capitals and all. */
export interface DockerImage {
  readonly kind: 'DockerImage';
  readonly apiVersion: '1.0';
  /** Digest of the config; empty for an index. */
  readonly Id: string;
  readonly Created?: string;
  readonly Author?: string;
  readonly Architecture?: string;
  readonly DockerVersion?: string;
  readonly Config?: ContainerConfig;
  /** Bytes of the config and of each layer once; 0 for an index. */
  readonly Size: number;
}

/** An image that was imported. Source: OpenShift `image.openshift.io/v1`, without the manifest's and the config's text. */
export interface Image {
  readonly kind: 'Image';
  readonly apiVersion: typeof IMAGE_API_VERSION;
  /** `name` is the digest of the manifest. */
  readonly metadata: ObjectMeta;
  readonly dockerImageReference: string;
  readonly dockerImageMetadata: DockerImage;
  readonly dockerImageMetadataVersion: '1.0';
  readonly dockerImageManifestMediaType: string;
  /** Lowest first; an index has none. */
  readonly dockerImageLayers: readonly ImageLayer[];
  readonly dockerImageManifests?: readonly ImageManifestEntry[];
}

/**
 * The Image that a document describes. Throws StoreError `damaged` for a document that cannot be read: it was checked
 * before it was stored. Source: OpenShift, how an import builds an Image.
 */
export function viewImage(document: ImageDocument): Image {
  const { digest, mediaType } = document;
  const decoded = decodeManifest(document.manifest, mediaType);
  if (!decoded.ok) throw damaged(digest, decoded.message);
  const { manifest } = decoded;
  return {
    kind: 'Image',
    apiVersion: IMAGE_API_VERSION,
    metadata: { name: digest, annotations: { [LAYERS_ORDER_ANNOTATION]: 'ascending' } },
    dockerImageReference: document.dockerImageReference,
    dockerImageMetadataVersion: '1.0',
    dockerImageManifestMediaType: mediaType,
    ...(manifest.kind === 'index'
      ? viewIndex(manifest)
      : viewManifest(manifest, readConfig(document))),
  };
}

function viewIndex({ manifests }: ImageIndex) {
  const dockerImageMetadata: DockerImage = {
    kind: 'DockerImage',
    apiVersion: '1.0',
    Id: '',
    Size: 0,
  };
  return {
    dockerImageMetadata,
    dockerImageLayers: [],
    dockerImageManifests: manifests.map(viewEntry),
  };
}

function viewEntry({ digest, mediaType, size, platform }: Descriptor): ImageManifestEntry {
  const { architecture = '', os = '', variant } = platform ?? {};
  const entry = { digest, mediaType, manifestSize: size, architecture, os };
  return variant === undefined ? entry : { ...entry, variant };
}

function viewManifest({ config, layers }: ImageManifest, content: ImageConfig | undefined) {
  const unique = new Map(layers.map(({ digest, size }) => [digest, size]));
  const dockerImageMetadata: DockerImage = {
    kind: 'DockerImage',
    apiVersion: '1.0',
    Id: config.digest,
    ...describeConfig(content ?? {}),
    Size: [...unique.values()].reduce((sum, size) => sum + size, config.size),
  };
  return {
    dockerImageMetadata,
    dockerImageLayers: layers.map(({ digest, size, mediaType }) => {
      return { name: digest, size, mediaType };
    }),
  };
}

function describeConfig({ created, author, architecture, docker_version, config }: ImageConfig) {
  return {
    ...(created !== undefined && { Created: created }),
    ...(author !== undefined && { Author: author }),
    ...(architecture !== undefined && { Architecture: architecture }),
    ...(docker_version !== undefined && { DockerVersion: docker_version }),
    ...(config !== undefined && { Config: config }),
  };
}

/** Artifacts have no config to read. */
function readConfig({ digest, config }: ImageDocument): ImageConfig | undefined {
  if (config === undefined) return undefined;
  const decoded = decodeImageConfig(config);
  if (decoded.ok) return decoded.config;
  throw damaged(digest, decoded.message);
}

function damaged(digest: string, reason: string): StoreError {
  return new StoreError('damaged', `the document of image ${digest} can not be read: ${reason}`);
}
