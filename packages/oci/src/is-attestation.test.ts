import { describe, expect, it } from 'vitest';
import type { Descriptor } from './descriptor.ts';
import { isAttestation } from './is-attestation.ts';
import { MEDIA_TYPE } from './media-type.ts';

const ENTRY: Descriptor = {
  mediaType: MEDIA_TYPE.ociManifest,
  digest: `sha256:${'1'.repeat(64)}`,
  size: 566,
};
const UNKNOWN = { os: 'unknown', architecture: 'unknown' };
const MARKED = {
  'vnd.docker.reference.digest': `sha256:${'2'.repeat(64)}`,
  'vnd.docker.reference.type': 'attestation-manifest',
};

describe('isAttestation', () => {
  it.each([
    ['the entry that BuildKit adds', { ...ENTRY, platform: UNKNOWN, annotations: MARKED }],
    ['the mark alone', { ...ENTRY, annotations: MARKED }],
    ['an unknown platform alone', { ...ENTRY, platform: UNKNOWN }],
  ])('is true for %s', (_, descriptor) => {
    expect(isAttestation(descriptor)).toBe(true);
  });

  it.each([
    ['an entry without a platform', ENTRY],
    ['an image', { ...ENTRY, platform: { os: 'linux', architecture: 'amd64' } }],
    ['an unknown architecture', { ...ENTRY, platform: { ...UNKNOWN, os: 'linux' } }],
    ['an unknown system', { ...ENTRY, platform: { ...UNKNOWN, architecture: 'amd64' } }],
    ['another reference type', { ...ENTRY, annotations: { 'vnd.docker.reference.type': 'other' } }],
  ])('is false for %s', (_, descriptor) => {
    expect(isAttestation(descriptor)).toBe(false);
  });
});
