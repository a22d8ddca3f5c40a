import { digest } from './a-stream.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** What a worker stores of an image with two layers: 100 bytes of config, 7 and 20 of layers. */
export const imageDocument = {
  mediaType: MANIFEST,
  manifest: JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: digest('c'),
      size: 100,
    },
    layers: [
      { mediaType: LAYER, digest: digest('a'), size: 7 },
      { mediaType: LAYER, digest: digest('b'), size: 20 },
    ],
  }),
  config: JSON.stringify({
    created: '2024-01-02T03:04:05Z',
    architecture: 'amd64',
    os: 'linux',
    config: { Cmd: ['serve'] },
  }),
};

/** An index with one entry: `part`, which is to be stored before it. */
export function indexDocument(part: string) {
  const platform = { os: 'linux', architecture: 'amd64' };
  const manifests = [{ mediaType: MANIFEST, digest: part, size: 500, platform }];
  return {
    mediaType: INDEX,
    manifest: JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }),
    parts: [part],
  };
}
