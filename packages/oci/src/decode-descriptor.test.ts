import { describe, expect, it } from 'vitest';
import { decodeManifest } from './decode-manifest.ts';
import type { Descriptor } from './descriptor.ts';
import { MEDIA_TYPE } from './media-type.ts';

const ENTRY: Descriptor = {
  mediaType: MEDIA_TYPE.ociManifest,
  digest: `sha256:${'a'.repeat(64)}`,
  size: 610,
  platform: { architecture: 'arm', os: 'linux', variant: 'v7' },
};

/** The descriptor after a way through an index, or why it did not arrive. */
function outcome(descriptor: unknown): unknown {
  const index = { schemaVersion: 2, manifests: [ENTRY, descriptor] };
  const result = decodeManifest(JSON.stringify(index), MEDIA_TYPE.ociIndex);
  if (!result.ok) return result.message;
  return result.manifest.kind === 'index' ? result.manifest.manifests[1] : undefined;
}

describe('decodeDescriptor', () => {
  it('keeps everything a descriptor may carry', () => {
    const windows = { os: 'windows', architecture: 'amd64', 'os.version': '10.0.20348.1' };
    const descriptor: Descriptor = {
      mediaType: 'application/vnd.example+json; version=2',
      digest: `sha512:${'d'.repeat(128)}`,
      size: 2,
      platform: { ...windows, 'os.features': ['win32k'], features: ['sse4'] },
      annotations: { 'org.opencontainers.image.title': 'entry', '': 'empty key' },
      artifactType: 'application/vnd.example.sbom',
      data: 'e30=',
      urls: ['https://example.com/content'],
    };
    expect(outcome(descriptor)).toEqual(descriptor);
  });

  it.each([
    ['an empty blob', { size: 0, data: '' }],
    ['one byte', { size: 1, data: 'AA==' }],
    ['three bytes', { size: 3, data: 'AAAA' }],
  ])('accepts %s in base64', (_, change) => {
    expect(outcome({ ...ENTRY, ...change })).toMatchObject(change);
  });

  it('leaves out a platform that is null and fills in one that names nothing', () => {
    expect(outcome({ ...ENTRY, platform: null })).not.toHaveProperty('platform');
    expect(outcome({ ...ENTRY, platform: {} })).toMatchObject({
      platform: { os: '', architecture: '' },
    });
  });

  it.each([
    ['digest is not a sha256 or sha512 digest', { digest: 'sha256:../../etc/passwd' }],
    ['digest is not a sha256 or sha512 digest', { digest: `sha256:${'A'.repeat(64)}` }],
    ['digest is not a string', { digest: { sha256: 'a' } }],
    ['digest is missing', { digest: undefined }],
    ['size is not a whole number from 0', { size: -1 }],
    ['size is not a whole number from 0', { size: 1.5 }],
    ['size is not a whole number from 0', { size: 2 ** 53 }],
    ['size is not a whole number from 0', { size: '610' }],
    ['size is missing', { size: null }],
    ['mediaType is not a media type', { mediaType: 'a/b\r\nX-Injected: 1' }],
    ['mediaType is not a media type', { mediaType: 'manifest' }],
    ['artifactType is not a media type', { artifactType: 'sbom' }],
    ['urls is not a list of strings', { urls: 'https://example.com' }],
    ['annotations is not an object of strings', { annotations: { a: null } }],
    ['data is not 3 bytes in base64', { size: 3, data: 'e30=' }],
    ['data is not 2 bytes in base64', { size: 2, data: 'e30' }],
    ['data is not 3 bytes in base64', { size: 3, data: 'e3-_' }],
    ['platform is not an object', { platform: 'linux/amd64' }],
    ['platform.os is not a string', { platform: { os: ['linux'] } }],
    ['platform.os.features is not a list of strings', { platform: { 'os.features': [1] } }],
  ])('refuses a descriptor whose %s', (message, change) => {
    expect(outcome({ ...ENTRY, ...change })).toBe(`manifests[1].${message}`);
  });
});
