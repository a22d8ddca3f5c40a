import { hash } from 'node:crypto';
import { MEDIA_TYPE } from '@tagtrail/oci';

/** An image as a registry serves it. */
export interface SampleImage {
  readonly manifest: string;
  readonly manifestDigest: string;
  readonly config: string;
  readonly configDigest: string;
}

/** Layers and history lines of a service image, such as Docker Hub's `redis`: 1.5 KiB of manifest, 4.2 KiB of config. */
const LAYERS = 8;
const STEPS = 16;

/** Always the same image, so that every run of the bench moves the same bytes. */
export function sampleImage(): SampleImage {
  const config = JSON.stringify(imageConfig());
  const configDigest = digestOf(config);
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociManifest,
    config: { mediaType: MEDIA_TYPE.ociConfig, digest: configDigest, size: config.length },
    layers: numbered(LAYERS, (layer) => ({
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest: digestOf(`layer ${layer}`),
      size: 1_000_000 + layer,
    })),
  });
  return { manifest, manifestDigest: digestOf(manifest), config, configDigest };
}

function imageConfig(): object {
  const created = '2026-11-01T00:00:00Z';
  return {
    architecture: 'amd64',
    os: 'linux',
    created,
    config: {
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8'],
      Entrypoint: ['docker-entrypoint.sh'],
      Cmd: ['serve'],
      ExposedPorts: { '8080/tcp': {} },
      WorkingDir: '/srv',
      Labels: { 'org.opencontainers.image.title': 'app', 'org.opencontainers.image.version': '1' },
    },
    rootfs: { type: 'layers', diff_ids: numbered(LAYERS, (layer) => digestOf(`diff ${layer}`)) },
    history: numbered(STEPS, (step) => ({
      created,
      created_by: `RUN /bin/sh -c set -eux; apt-get update; apt-get install -y --no-install-recommends part-${step} # buildkit`,
      comment: 'buildkit.dockerfile.v0',
      empty_layer: step >= LAYERS,
    })),
  };
}

function numbered<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function digestOf(text: string): string {
  return `sha256:${hash('sha256', text, 'hex')}`;
}
