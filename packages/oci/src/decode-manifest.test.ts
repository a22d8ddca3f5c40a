import { describe, expect, it } from 'vitest';
import { decodeManifest } from './decode-manifest.ts';
import { MEDIA_TYPE } from './media-type.ts';

const { ociIndex, ociManifest, ociConfig, dockerManifest, dockerManifestList } = MEDIA_TYPE;

function digest(character: string): `sha256:${string}` {
  return `sha256:${character.repeat(64)}`;
}

const CONFIG = { mediaType: ociConfig, digest: digest('c'), size: 1470 };
const LAYER = { mediaType: MEDIA_TYPE.ociLayerGzip, digest: digest('1'), size: 3_623_807 };
const AMD64 = {
  mediaType: ociManifest,
  digest: digest('a'),
  size: 610,
  platform: { architecture: 'amd64', os: 'linux' },
};
const ARM = {
  mediaType: ociManifest,
  digest: digest('b'),
  size: 610,
  platform: { architecture: 'arm', os: 'linux', variant: 'v7' },
};
const MANIFEST = {
  schemaVersion: 2,
  mediaType: ociManifest as string,
  config: CONFIG,
  layers: [LAYER],
};
const INDEX = { schemaVersion: 2, mediaType: ociIndex as string, manifests: [AMD64, ARM] };

function decode(document: unknown, contentType?: string) {
  return decodeManifest(JSON.stringify(document), contentType);
}

/** What decoding made of it, or why it did not. */
function outcome(document: unknown, contentType?: string): unknown {
  const result = decode(document, contentType);
  return result.ok ? result.manifest : `${result.reason}: ${result.message}`;
}

describe('decodeManifest', () => {
  it('reads an image manifest', () => {
    const about = {
      subject: AMD64,
      artifactType: 'application/vnd.example.sbom',
      annotations: { a: 'b' },
    };
    const { schemaVersion: _, ...expected } = { ...MANIFEST, ...about };
    expect(outcome({ ...MANIFEST, ...about }, ociManifest)).toEqual({
      kind: 'manifest',
      ...expected,
    });
  });

  it('reads an index', () => {
    expect(outcome(INDEX, ociIndex)).toEqual({
      kind: 'index',
      mediaType: ociIndex,
      manifests: [AMD64, ARM],
    });
  });

  it("reads Docker's manifest and manifest list as the same two kinds", () => {
    const image = { ...MANIFEST, mediaType: dockerManifest };
    expect(outcome(image, dockerManifest)).toMatchObject({
      kind: 'manifest',
      mediaType: dockerManifest,
    });
    const list = { ...INDEX, mediaType: dockerManifestList };
    expect(outcome(list, dockerManifestList)).toMatchObject({
      kind: 'index',
      mediaType: dockerManifestList,
    });
  });

  it.each([
    ['an empty index', { ...INDEX, manifests: [] }, { manifests: [] }],
    ['an empty index as Go may write it', { ...INDEX, manifests: null }, { manifests: [] }],
    ['an image without layers', { ...MANIFEST, layers: [] }, { layers: [] }],
    ['an image without layers as Go may write it', { ...MANIFEST, layers: null }, { layers: [] }],
    [
      'an index within an index',
      { ...INDEX, manifests: [{ ...AMD64, mediaType: ociIndex }] },
      { manifests: [{ ...AMD64, mediaType: ociIndex }] },
    ],
    ['an empty blob', { ...MANIFEST, layers: [{ ...LAYER, size: 0 }] }, { kind: 'manifest' }],
    [
      'an artifact with an empty config',
      { ...MANIFEST, config: { ...CONFIG, mediaType: MEDIA_TYPE.ociEmpty, size: 2, data: 'e30=' } },
      { config: { ...CONFIG, mediaType: MEDIA_TYPE.ociEmpty, size: 2, data: 'e30=' } },
    ],
    ['fields of versions to come', { ...MANIFEST, future: { a: [1] } }, { kind: 'manifest' }],
    ['null for an optional field', { ...MANIFEST, subject: null }, { kind: 'manifest' }],
  ])('accepts %s', (_, document, expected) => {
    expect(outcome(document)).toMatchObject(expected);
  });

  it('passes unknown fields over, also one that JavaScript could trip over', () => {
    const text = JSON.stringify(MANIFEST).replace('{', '{"__proto__":{"layers":[]},"x":1,');
    expect(decodeManifest(text, ociManifest)).toEqual({
      ok: true,
      manifest: { kind: 'manifest', mediaType: ociManifest, config: CONFIG, layers: [LAYER] },
    });
  });
});

describe('a text with two readings', () => {
  it.each([
    ['layers has no place in an index', { ...INDEX, layers: [LAYER] }],
    ['layers has no place in an index', { ...INDEX, layers: [] }],
    ['config has no place in an index', { ...INDEX, config: CONFIG }],
    ['manifests has no place in a manifest', { ...MANIFEST, manifests: [AMD64] }],
    ['config has no place in an index', { ...MANIFEST, mediaType: null, manifests: [] }],
  ])('is refused: %s', (message, document) => {
    expect(outcome(document)).toBe(`InvalidManifest: ${message}`);
  });

  it.each([
    ['Layers', { ...MANIFEST, Layers: [] }],
    ['MANIFESTS', { ...MANIFEST, MANIFESTS: [AMD64] }],
    ['MediaType', { ...MANIFEST, MediaType: ociIndex }],
    // Go folds the long s to s.
    ['layer\u017f', { ...MANIFEST, 'layer\u017f': [] }],
    ['config.Digest', { ...MANIFEST, config: { ...CONFIG, Digest: 'x' } }],
    [
      'manifests[0].platform.OS',
      { ...INDEX, manifests: [{ ...AMD64, platform: { os: 'linux', OS: 'windows' } }] },
    ],
  ])('is refused: a known field in other capitals at %s', (path, document) => {
    expect(outcome(document)).toBe(
      `InvalidManifest: ${path} differs from a known field only in upper and lower case`,
    );
  });

  it("may have annotations that differ in case only: their keys are the author's", () => {
    const annotations = { size: '1', Size: '2' };
    expect(outcome({ ...MANIFEST, annotations })).toMatchObject({ annotations });
  });

  it.each([
    ['at the top', '{"schemaVersion":2,"layers":[],"layers":[]}', '"layers"'],
    ['in a descriptor', '{"config":{"size":1,"size":2}}', '"size"'],
    ['spelled with an escape', '{"layers":[],"\\u006cayers":[]}', '"\\u006cayers"'],
  ])('is refused: a key given twice %s', (_, text, key) => {
    expect(decodeManifest(text, ociManifest)).toEqual({
      ok: false,
      reason: 'InvalidManifest',
      message: `manifest gives the key ${key} twice in one object`,
    });
  });
});

describe('a malformed manifest', () => {
  it.each([
    ['nothing', ''],
    ['no JSON', '<html>not found</html>'],
    ['JSON cut short', '{"schemaVersion":2,'],
    ['JSON with a tail', '{} {}'],
    ['a byte order mark', '\ufeff{}'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"manifest"'],
    ['a number', '2'],
  ])('is refused: %s', (_, text) => {
    expect(decodeManifest(text, ociManifest)).toEqual({
      ok: false,
      reason: 'InvalidManifest',
      message: 'manifest is not a JSON object',
    });
  });

  it.each([
    ['schemaVersion is not 2', { ...MANIFEST, schemaVersion: 3 }],
    ['schemaVersion is not 2', { ...MANIFEST, schemaVersion: undefined }],
    ['schemaVersion is not a whole number from 0', { ...MANIFEST, schemaVersion: '2' }],
    ['mediaType is not a string', { ...MANIFEST, mediaType: [ociManifest] }],
    ['mediaType is not a media type', { ...MANIFEST, mediaType: '' }],
    ['config is missing', { ...MANIFEST, config: undefined }],
    ['config is not an object', { ...MANIFEST, config: [CONFIG] }],
    ['config.mediaType is missing', { ...MANIFEST, config: {} }],
    ['layers is missing', { ...MANIFEST, layers: undefined }],
    ['layers is not a list of objects', { ...MANIFEST, layers: { 0: LAYER, length: 1 } }],
    ['layers is not a list of objects', { ...MANIFEST, layers: [LAYER, null] }],
    ['layers[1].digest is missing', { ...MANIFEST, layers: [LAYER, { ...LAYER, digest: null }] }],
    ['manifests is missing', { ...INDEX, manifests: undefined }],
    ['manifests is not a list of objects', { ...INDEX, manifests: [[AMD64]] }],
    ['annotations is not an object of strings', { ...MANIFEST, annotations: { a: 1 } }],
    ['annotations is not an object of strings', { ...MANIFEST, annotations: ['a'] }],
    ['artifactType is not a media type', { ...MANIFEST, artifactType: 'sbom' }],
    ['subject.size is missing', { ...MANIFEST, subject: { ...AMD64, size: undefined } }],
  ])('is refused: %s', (message, document) => {
    expect(outcome(document)).toBe(`InvalidManifest: ${message}`);
  });
});

describe('an oversized manifest', () => {
  it('is refused beyond 4 MiB', () => {
    const text = JSON.stringify({ ...MANIFEST, annotations: { a: 'x'.repeat(4 * 1024 * 1024) } });
    expect(decodeManifest(text, ociManifest)).toMatchObject({
      reason: 'InvalidManifest',
      message: 'manifest is larger than 4194304 bytes',
    });
  });

  it('is refused beyond 10,000 descriptors in a list', () => {
    const layers = Array.from({ length: 10_000 }, () => LAYER);
    expect(decode({ ...MANIFEST, layers }).ok).toBe(true);
    expect(outcome({ ...MANIFEST, layers: [...layers, LAYER] })).toBe(
      'InvalidManifest: layers has more than 10000 entries',
    );
  });

  it('is refused when nested deeply, before it is parsed', () => {
    const text = `{"a":${'['.repeat(2_000_000)}`;
    expect(decodeManifest(text, ociManifest)).toMatchObject({
      reason: 'InvalidManifest',
      message: 'manifest is nested too deeply',
    });
  });

  it('is read when most of 4 MiB is embedded content', () => {
    const size = 3 * 1024 * 1024 - 1200;
    const layer = { ...LAYER, size, data: 'AAAA'.repeat(size / 3) };
    expect(decode({ ...MANIFEST, layers: [layer] }).ok).toBe(true);
  });
});
