import { describe, expect, it } from 'vitest';
import { decodeManifest } from './decode-manifest.ts';
import { MEDIA_TYPE } from './media-type.ts';

const { ociIndex, ociManifest, dockerManifest, dockerManifestList } = MEDIA_TYPE;

const CONFIG = { mediaType: MEDIA_TYPE.ociConfig, digest: `sha256:${'c'.repeat(64)}`, size: 1470 };
const UNTYPED_MANIFEST = { schemaVersion: 2, config: CONFIG, layers: [] };
const UNTYPED_INDEX = { schemaVersion: 2, manifests: [] };
const MANIFEST = { ...UNTYPED_MANIFEST, mediaType: ociManifest };

/** What decoding made of it, or why it did not. */
function outcome(document: unknown, contentType?: string): unknown {
  const result = decodeManifest(JSON.stringify(document), contentType);
  return result.ok ? result.manifest : `${result.reason}: ${result.message}`;
}

describe('the type of a manifest', () => {
  it.each([
    ['parameters', `${ociManifest}; charset=utf-8`],
    ['other capitals', 'Application/VND.oci.image.manifest.v1+JSON'],
    ['no header at all', undefined],
    ['an empty header', ''],
    ['a header that claims nothing', 'application/json'],
    ['a header that claims nothing, with a parameter', 'text/plain; charset=utf-8'],
  ])('is what the body states, with %s', (_, contentType) => {
    expect(outcome(MANIFEST, contentType)).toMatchObject({ mediaType: ociManifest });
  });

  it('is what the header claims when the body is silent', () => {
    expect(outcome(UNTYPED_MANIFEST, dockerManifest)).toMatchObject({ mediaType: dockerManifest });
    expect(outcome(UNTYPED_INDEX, dockerManifestList)).toMatchObject({ kind: 'index' });
  });

  it('is OCI, told by its fields, when both are silent', () => {
    expect(outcome(UNTYPED_MANIFEST)).toMatchObject({ mediaType: ociManifest });
    expect(outcome(UNTYPED_INDEX, 'application/octet-stream')).toMatchObject({
      mediaType: ociIndex,
    });
  });

  it.each([
    ['of the other kind', ociIndex],
    ['of the other maker', dockerManifest],
    ['of something else', 'application/vnd.example+json'],
  ])('is in doubt, so refused, with a header %s', (_, contentType) => {
    expect(outcome(MANIFEST, contentType)).toBe(
      `InvalidManifest: mediaType differs from the Content-Type ${contentType}`,
    );
  });

  it.each(['garbage', 'a/', `a/${'b'.repeat(200)}`, 'a/b\u0007'])(
    'is in doubt, so refused, with the header %j',
    (contentType) => {
      expect(outcome(MANIFEST, contentType)).toBe('InvalidManifest: malformed Content-Type');
    },
  );

  it.each([
    'application/vnd.oci.artifact.manifest.v1+json',
    'application/vnd.oci.image.config.v1+json',
    'text/html',
  ])('is unsupported when it is %s', (mediaType) => {
    const message = `UnsupportedManifest: media type ${mediaType} is not supported`;
    expect(outcome({ ...MANIFEST, mediaType })).toBe(message);
    expect(outcome(UNTYPED_MANIFEST, mediaType)).toBe(message);
  });
});

describe('schema 1', () => {
  const SCHEMA1 = { schemaVersion: 1, name: 'library/x', tag: 'latest', fsLayers: [], history: [] };
  const UNSUPPORTED =
    'UnsupportedManifest: docker schema 1 manifests are not supported; push the image again with a current client';

  it.each([
    ['by its Content-Type', SCHEMA1, MEDIA_TYPE.schema1Signed],
    ['by its Content-Type alone', {}, MEDIA_TYPE.schema1],
    ['by its version', SCHEMA1, undefined],
    ['by its version under a header that claims nothing', SCHEMA1, 'text/plain'],
    ['by its version under a false header', SCHEMA1, ociManifest],
    ['by its layers', { ...MANIFEST, fsLayers: [] }, undefined],
    ['by its mediaType', { ...MANIFEST, mediaType: MEDIA_TYPE.schema1 }, undefined],
  ])('is known %s and not read', (_, document, contentType) => {
    expect(outcome(document, contentType)).toBe(UNSUPPORTED);
  });
});
