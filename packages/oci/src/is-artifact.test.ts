import { describe, expect, it } from 'vitest';
import { isArtifact } from './is-artifact.ts';
import type { ImageManifest } from './manifest.ts';
import { MEDIA_TYPE } from './media-type.ts';

function manifest(mediaType: string, configType: string): ImageManifest {
  const config = { mediaType: configType, digest: `sha256:${'c'.repeat(64)}` as const, size: 2 };
  return { kind: 'manifest', mediaType, config, layers: [] };
}

describe('isArtifact', () => {
  it.each([
    ['an OCI image', MEDIA_TYPE.ociManifest, MEDIA_TYPE.ociConfig],
    ['a Docker image', MEDIA_TYPE.dockerManifest, MEDIA_TYPE.dockerConfig],
    ['an OCI manifest around a Docker config', MEDIA_TYPE.ociManifest, MEDIA_TYPE.dockerConfig],
    [
      'a Docker image whose registry lost the type of the config',
      MEDIA_TYPE.dockerManifest,
      'application/octet-stream',
    ],
  ])('finds a config to read in %s', (_, mediaType, configType) => {
    expect(isArtifact(manifest(mediaType, configType))).toBe(false);
  });

  it.each([
    ['an empty config', MEDIA_TYPE.ociManifest, MEDIA_TYPE.ociEmpty],
    ['a Helm chart', MEDIA_TYPE.ociManifest, 'application/vnd.cncf.helm.config.v1+json'],
    ['an untyped OCI config', MEDIA_TYPE.ociManifest, 'application/octet-stream'],
    ['a Docker plugin', MEDIA_TYPE.dockerManifest, 'application/vnd.docker.plugin.v1+json'],
  ])('finds none in %s', (_, mediaType, configType) => {
    expect(isArtifact(manifest(mediaType, configType))).toBe(true);
  });

  it('believes a manifest that calls itself an artifact', () => {
    const image = manifest(MEDIA_TYPE.ociManifest, MEDIA_TYPE.ociConfig);
    expect(isArtifact({ ...image, artifactType: 'application/vnd.example.sbom' })).toBe(true);
  });
});
