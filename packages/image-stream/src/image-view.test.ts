import { describe, expect, it } from 'vitest';
import { viewImage } from './image-view.ts';
import { D1, D2 } from './testing/a-stream.ts';

const D3 = `sha256:${'3'.repeat(64)}`;
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';

const document = (mediaType: string, body: object, config?: object) => ({
  digest: D1,
  mediaType,
  dockerImageReference: `quay.io/acme/app@${D1}`,
  manifest: JSON.stringify({ schemaVersion: 2, mediaType, ...body }),
  ...(config && { config: JSON.stringify(config) }),
});

const image = (config: object = {}) =>
  document(
    MANIFEST,
    {
      config: { mediaType: CONFIG, digest: D2, size: 100 },
      layers: [
        { mediaType: LAYER, digest: D3, size: 7 },
        { mediaType: LAYER, digest: D1, size: 20 },
        { mediaType: LAYER, digest: D3, size: 7 },
      ],
    },
    config,
  );

describe('viewImage', () => {
  it('tells an image of one platform with its layers, lowest first, each counted once', () => {
    const config = { Cmd: ['irb'], Env: ['A=b'], ExposedPorts: { '8080/tcp': {} } };
    const created = '2024-01-02T03:04:05.678Z';
    const view = viewImage(image({ created, author: 'me', architecture: 'arm64', config }));
    expect(view).toMatchObject({
      kind: 'Image',
      apiVersion: 'image.openshift.io/v1',
      metadata: {
        name: D1,
        annotations: { 'image.openshift.io/dockerLayersOrder': 'ascending' },
      },
      dockerImageReference: `quay.io/acme/app@${D1}`,
      dockerImageMetadataVersion: '1.0',
      dockerImageManifestMediaType: MANIFEST,
    });
    expect(view.dockerImageMetadata).toEqual({
      kind: 'DockerImage',
      apiVersion: '1.0',
      Id: D2,
      Created: created,
      Author: 'me',
      Architecture: 'arm64',
      Config: config,
      Size: 127,
    });
    expect(view.dockerImageLayers.map(({ name, size }) => [name, size])).toEqual([
      [D3, 7],
      [D1, 20],
      [D3, 7],
    ]);
    expect(view.dockerImageLayers[0]?.mediaType).toBe(LAYER);
    expect(view.dockerImageManifests).toBeUndefined();
  });

  it('tells an index by its entries, without layers', () => {
    const platform = { os: 'linux', architecture: 'arm', variant: 'v7' };
    const manifests = [
      { mediaType: MANIFEST, digest: D2, size: 5, platform },
      { mediaType: MANIFEST, digest: D3, size: 6 },
    ];
    const view = viewImage(document(INDEX, { manifests }));
    expect(view.dockerImageManifests).toEqual([
      { digest: D2, mediaType: MANIFEST, manifestSize: 5, ...platform },
      { digest: D3, mediaType: MANIFEST, manifestSize: 6, architecture: '', os: '' },
    ]);
    expect(view.dockerImageLayers).toEqual([]);
    expect(view.dockerImageMetadata).toMatchObject({ Id: '', Size: 0 });
  });

  it('tells an artifact without a config', () => {
    const { config: _, ...artifact } = image();
    expect(viewImage(artifact).dockerImageMetadata).toEqual({
      kind: 'DockerImage',
      apiVersion: '1.0',
      Id: D2,
      Size: 127,
    });
  });

  it('names the image whose document can not be read', () => {
    expect(() => viewImage(document(MANIFEST, {}))).toThrow(`the document of image ${D1} can not`);
    expect(() => viewImage({ ...image(), config: 'x' })).toThrow(D1);
  });
});
