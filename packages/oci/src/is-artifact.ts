import type { ImageManifest } from './manifest.ts';
import { MEDIA_TYPE } from './media-type.ts';

/**
 * Types under which image configs are found. The last four come from old registries that lost the
 * config's own type; Docker Engine still takes them for images, and only below its own manifests.
 */
const CONFIG_TYPES: ReadonlySet<string> = new Set([MEDIA_TYPE.ociConfig, MEDIA_TYPE.dockerConfig]);
const LOST_CONFIG_TYPES: ReadonlySet<string> = new Set([
  'application/octet-stream',
  'application/json',
  'text/html',
]);

/** Whether the manifest carries something else than an image, so that there is no image config to read. */
export function isArtifact({ mediaType, config, artifactType }: ImageManifest): boolean {
  if (artifactType !== undefined) return true;
  if (CONFIG_TYPES.has(config.mediaType)) return false;
  return mediaType !== MEDIA_TYPE.dockerManifest || !LOST_CONFIG_TYPES.has(config.mediaType);
}
