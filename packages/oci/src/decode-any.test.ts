import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeImageConfig } from './decode-image-config.ts';
import { decodeManifest } from './decode-manifest.ts';
import type { Descriptor, Platform } from './descriptor.ts';
import type { ImageIndex, ImageManifest } from './manifest.ts';
import { isIndexType, isManifestType, MEDIA_TYPE } from './media-type.ts';

const digest = fc.oneof(
  fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}` as const),
  fc.stringMatching(/^[0-9a-f]{128}$/).map((hex) => `sha512:${hex}` as const),
);
const annotations = fc.dictionary(fc.string(), fc.string());
const platform: fc.Arbitrary<Platform> = fc.record(
  { os: fc.string(), architecture: fc.string(), variant: fc.string(), 'os.version': fc.string() },
  { requiredKeys: ['os', 'architecture'] },
);
const descriptor: fc.Arbitrary<Descriptor> = fc.record(
  {
    mediaType: fc.constantFrom(...Object.values(MEDIA_TYPE)),
    digest,
    size: fc.maxSafeNat(),
    platform,
    annotations,
    urls: fc.array(fc.webUrl()),
  },
  { requiredKeys: ['mediaType', 'digest', 'size'] },
);
const shared = {
  artifactType: fc.constant('application/vnd.example'),
  subject: descriptor,
  annotations,
};
const image: fc.Arbitrary<ImageManifest> = fc.record(
  {
    kind: fc.constant('manifest' as const),
    mediaType: fc.constantFrom(MEDIA_TYPE.ociManifest, MEDIA_TYPE.dockerManifest),
    config: descriptor,
    layers: fc.array(descriptor),
    ...shared,
  },
  { requiredKeys: ['kind', 'mediaType', 'config', 'layers'] },
);
const index: fc.Arbitrary<ImageIndex> = fc.record(
  {
    kind: fc.constant('index' as const),
    mediaType: fc.constantFrom(MEDIA_TYPE.ociIndex, MEDIA_TYPE.dockerManifestList),
    manifests: fc.array(descriptor),
    ...shared,
  },
  { requiredKeys: ['kind', 'mediaType', 'manifests'] },
);

function encode(manifest: ImageManifest | ImageIndex): string {
  const { kind: _, ...document } = manifest;
  return JSON.stringify({ schemaVersion: 2, ...document });
}

describe('decodeManifest on any document', () => {
  it('gives back every manifest and index that was encoded', () => {
    fc.assert(
      fc.property(fc.oneof(image, index), (manifest) => {
        const result = decodeManifest(encode(manifest), manifest.mediaType);
        expect(result).toEqual({ ok: true, manifest });
      }),
    );
  });

  it('never reads a manifest as an index, or the other way round', () => {
    fc.assert(
      fc.property(
        fc.oneof(image, index),
        fc.constantFrom(...Object.values(MEDIA_TYPE)),
        (manifest, claim) => {
          const result = decodeManifest(encode(manifest), claim);
          expect(result.ok).toBe(claim === manifest.mediaType);
        },
      ),
    );
  });

  const value = fc.oneof(fc.jsonValue(), descriptor, fc.array(descriptor));
  const nearManifest = fc.record(
    {
      schemaVersion: fc.oneof(fc.constant(2), fc.jsonValue()),
      mediaType: fc.oneof(fc.constantFrom(...Object.values(MEDIA_TYPE)), fc.jsonValue()),
      config: value,
      layers: value,
      manifests: value,
      annotations: value,
      subject: value,
    },
    { requiredKeys: [] },
  );

  it('answers with a reason or a whole manifest, and throws at nothing', () => {
    fc.assert(
      fc.property(fc.oneof(nearManifest, fc.jsonValue()), (document) => {
        const result = decodeManifest(JSON.stringify(document), undefined);
        if (result.ok) {
          const { kind, mediaType } = result.manifest;
          expect(kind === 'index' ? isIndexType(mediaType) : isManifestType(mediaType)).toBe(true);
        } else {
          expect(result.message).not.toBe('');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('throws at no text, JSON or not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.option(fc.string()), (text, header) => {
        expect(decodeManifest(text, header ?? undefined).ok).toBe(false);
        decodeImageConfig(text);
      }),
    );
  });
});
