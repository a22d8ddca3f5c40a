export type { DecodedImageConfig } from './decode-image-config.ts';
export { decodeImageConfig } from './decode-image-config.ts';
export type { DecodedManifest } from './decode-manifest.ts';
export { decodeManifest, SCHEMA1_UNSUPPORTED } from './decode-manifest.ts';
export type { Descriptor, Platform } from './descriptor.ts';
export type {
  ContainerConfig,
  HistoryEntry,
  ImageConfig,
  KeySet,
  RootFileSystem,
} from './image-config.ts';
export { isArtifact } from './is-artifact.ts';
export { isAttestation } from './is-attestation.ts';
export { CONFIG_LIMIT_BYTES, MANIFEST_LIMIT_BYTES } from './limits.ts';
export type { ImageIndex, ImageManifest } from './manifest.ts';
export {
  isIndexType,
  isManifestType,
  isSchema1Type,
  MANIFEST_ACCEPT,
  MEDIA_TYPE,
} from './media-type.ts';
export { selectLegacyManifest } from './select-legacy-manifest.ts';
