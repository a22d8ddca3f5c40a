import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildImage } from './build-image.ts';
import { buildIndex } from './build-index.ts';
import { digestOf } from './digest.ts';
import type { ImageLayout } from './image-spec.ts';
import { WIRE_MEDIA_TYPE } from './media-type.ts';

const stamp = {
  seed: 'one',
  created: '2026-01-01T00:00:00Z',
  labels: { team: 'shop' },
  format: 'oci',
} as const;

function parse(body: Buffer | undefined) {
  return JSON.parse(String(body));
}

function configOf(layout: ImageLayout) {
  return parse(layout.blobs.get(parse(layout.root.body).config.digest));
}

describe('buildImage', () => {
  it('refers to every blob by its true digest and size', () => {
    const layout = buildImage(stamp, 'linux/amd64');
    const { config, layers } = parse(layout.root.body);
    expect(layers).toHaveLength(2);
    for (const { digest, size } of [config, ...layers]) {
      const blob = layout.blobs.get(digest);
      expect(blob).toHaveLength(size);
      expect(digestOf(blob ?? '')).toBe(digest);
    }
    expect(digestOf(layout.root.body)).toBe(layout.root.digest);
  });

  it('names the uncompressed layers in the config, lowest first', () => {
    const layout = buildImage(stamp, 'linux/amd64');
    const unpacked = parse(layout.root.body).layers.map(({ digest }: { digest: string }) =>
      digestOf(gunzipSync(layout.blobs.get(digest) ?? '')),
    );
    expect(configOf(layout).rootfs).toEqual({ type: 'layers', diff_ids: unpacked });
  });

  it('describes the platform, the time and the labels in the config', () => {
    expect(configOf(buildImage(stamp, 'linux/arm64/v8'))).toMatchObject({
      os: 'linux',
      architecture: 'arm64',
      variant: 'v8',
      created: stamp.created,
      config: { Labels: { team: 'shop' } },
    });
  });

  it('writes one history line per layer, and one for the command', () => {
    const { history } = configOf(buildImage(stamp, 'linux/amd64'));
    expect(history.filter((line: object) => !('empty_layer' in line))).toHaveLength(2);
    expect(history).toHaveLength(3);
  });

  it('is the same for the same stamp and different for another seed or platform', () => {
    const digest = (seed: string, platform: string) =>
      buildImage({ ...stamp, seed }, platform).root.digest;
    expect(digest('one', 'linux/amd64')).toBe(digest('one', 'linux/amd64'));
    expect(digest('two', 'linux/amd64')).not.toBe(digest('one', 'linux/amd64'));
    expect(digest('one', 'linux/arm64')).not.toBe(digest('one', 'linux/amd64'));
  });

  it('speaks Docker schema 2 when asked to', () => {
    const { root } = buildImage({ ...stamp, format: 'docker' }, 'linux/amd64');
    const { mediaType, config, layers } = parse(root.body);
    expect(mediaType).toBe(WIRE_MEDIA_TYPE.dockerManifest);
    expect(config.mediaType).toBe(WIRE_MEDIA_TYPE.dockerConfig);
    expect(layers[0].mediaType).toBe(WIRE_MEDIA_TYPE.dockerLayer);
  });

  it('refuses a platform that has no architecture', () => {
    expect(() => buildImage(stamp, 'linux')).toThrow('not os/architecture[/variant]');
  });
});

describe('buildIndex', () => {
  const platforms = ['linux/amd64', 'linux/arm/v7'];

  it('holds one image per platform, in the order given', () => {
    const { root, below } = buildIndex(stamp, platforms, false);
    expect(root.mediaType).toBe(WIRE_MEDIA_TYPE.ociIndex);
    expect(root.children.map(({ platform }) => platform)).toEqual(platforms);
    const { manifests } = parse(root.body);
    expect(manifests[1].platform).toEqual({ os: 'linux', architecture: 'arm', variant: 'v7' });
    expect(below.map(({ digest }) => digest)).toEqual(root.children.map(({ digest }) => digest));
    for (const [i, { body, digest }] of below.entries()) {
      expect(manifests[i]).toMatchObject({ digest, size: body.length });
    }
  });

  it('adds an attestation about each image after the images', () => {
    const { root, below, blobs } = buildIndex(stamp, platforms, true);
    const { manifests } = parse(root.body);
    expect(manifests).toHaveLength(4);
    expect(manifests[3]).toMatchObject({
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': manifests[1].digest,
      },
    });
    const { config, layers } = parse(below[3]?.body);
    expect(blobs.has(config.digest)).toBe(true);
    expect(layers[0].mediaType).toBe(WIRE_MEDIA_TYPE.inToto);
    expect(parse(blobs.get(layers[0].digest)).subject[0].digest.sha256).toBe(
      manifests[1].digest.slice(7),
    );
  });

  it('is a manifest list of Docker manifests when asked to', () => {
    const { root, below } = buildIndex({ ...stamp, format: 'docker' }, platforms, false);
    expect(root.mediaType).toBe(WIRE_MEDIA_TYPE.dockerList);
    expect(below[0]?.mediaType).toBe(WIRE_MEDIA_TYPE.dockerManifest);
  });
});
