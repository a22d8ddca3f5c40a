import { describe, expect, it } from 'vitest';
import {
  isIndexType,
  isManifestType,
  isSchema1Type,
  MANIFEST_ACCEPT,
  MEDIA_TYPE,
} from './media-type.ts';

describe('media types', () => {
  it('divide into indexes, manifests, schema 1 and everything else', () => {
    const kinds = Object.entries(MEDIA_TYPE).map(([name, type]) => [
      name,
      [isIndexType(type), isManifestType(type), isSchema1Type(type)].indexOf(true),
    ]);
    expect(Object.fromEntries(kinds)).toEqual({
      ociIndex: 0,
      dockerManifestList: 0,
      ociManifest: 1,
      dockerManifest: 1,
      schema1: 2,
      schema1Signed: 2,
      ociConfig: -1,
      ociEmpty: -1,
      ociLayer: -1,
      ociLayerGzip: -1,
      ociLayerZstd: -1,
      dockerConfig: -1,
      dockerLayer: -1,
    });
  });

  it('ask for indexes and manifests alike, never for schema 1 or anything at all', () => {
    expect(MANIFEST_ACCEPT).toBe(
      'application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json',
    );
  });
});
