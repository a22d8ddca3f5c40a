import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Descriptor, Platform } from './descriptor.ts';
import { isAttestation } from './is-attestation.ts';
import type { ImageIndex } from './manifest.ts';
import { MEDIA_TYPE } from './media-type.ts';
import { selectLegacyManifest } from './select-legacy-manifest.ts';

const ATTESTATION_MARK = { 'vnd.docker.reference.type': 'attestation-manifest' };

/** `os/architecture[/variant]`, or `-` for an entry without a platform. */
function entry(text: string): Descriptor {
  const [os = '', architecture = '', variant] = text.split('/');
  const platform: Platform = { os, architecture, ...(variant !== undefined && { variant }) };
  return {
    mediaType: MEDIA_TYPE.ociManifest,
    digest: `sha256:${'1'.repeat(64)}`,
    size: 610,
    ...(text !== '-' && { platform }),
  };
}

function index(entries: readonly Descriptor[]): ImageIndex {
  return { kind: 'index', mediaType: MEDIA_TYPE.ociIndex, manifests: entries };
}

function selectAt(platforms: readonly string[], preferred: { architecture?: string; os?: string }) {
  const entries = platforms.map(entry);
  const selected = selectLegacyManifest(index(entries), preferred);
  return selected && entries.indexOf(selected);
}

describe('selectLegacyManifest', () => {
  it.each([
    ['linux/amd64 when nothing is preferred', ['linux/arm64', 'linux/amd64'], {}, 1],
    ['the preferred architecture', ['linux/amd64', 'linux/arm64'], { architecture: 'arm64' }, 1],
    [
      'the preferred system, on amd64',
      ['linux/amd64', 'windows/arm64', 'windows/amd64'],
      { os: 'windows' },
      2,
    ],
    [
      'the preferred architecture and system together',
      ['linux/arm64', 'windows/arm64'],
      { os: 'windows', architecture: 'arm64' },
      1,
    ],
    ['the first of several matches', ['linux/arm/v6', 'linux/arm/v7'], { architecture: 'arm' }, 0],
    ['a match of any variant', ['linux/arm64', 'linux/amd64/v3', 'linux/amd64'], {}, 1],
    [
      'linux/amd64 when the preference has no match',
      ['linux/arm64', 'linux/amd64'],
      { architecture: 's390x' },
      1,
    ],
    [
      'linux/amd64 rather than half a match',
      ['windows/arm64', 'linux/arm64', 'linux/amd64'],
      { os: 'windows', architecture: 's390x' },
      2,
    ],
    ['the first when there is no linux/amd64', ['linux/arm64', 'linux/s390x'], {}, 0],
    ['the first when none has a platform', ['-', '-'], {}, 0],
    ['past an entry without a platform', ['-', 'linux/amd64'], {}, 1],
    [
      'linux when the preferred system is empty',
      ['linux/amd64', 'linux/arm64'],
      { os: '', architecture: 'arm64' },
      1,
    ],
    [
      'amd64 when the preferred architecture is empty',
      ['linux/amd64', 'windows/amd64'],
      { os: 'windows', architecture: '' },
      1,
    ],
    [
      'names exactly, without folding them',
      ['linux/amd64', 'linux/ARM64'],
      { architecture: 'arm64' },
      0,
    ],
  ])('selects %s', (_, platforms, preferred, expected) => {
    expect(selectAt(platforms, preferred)).toBe(expected);
  });

  it('selects nothing from an empty index', () => {
    expect(selectLegacyManifest(index([]), {})).toBeUndefined();
  });

  it('passes attestations over, even one that comes first or claims the platform', () => {
    const unknown = entry('unknown/unknown');
    const posing = { ...entry('linux/amd64'), annotations: ATTESTATION_MARK };
    const image = entry('linux/arm64');
    expect(selectLegacyManifest(index([unknown, posing, image]), {})).toBe(image);
  });

  it('does not even select attestations that were asked for, as long as there is an image', () => {
    const image = entry('linux/arm64');
    const preferred = { os: 'unknown', architecture: 'unknown' };
    expect(selectLegacyManifest(index([entry('unknown/unknown'), image]), preferred)).toBe(image);
  });

  it('selects an attestation when there is nothing else', () => {
    const only = entry('unknown/unknown');
    expect(selectLegacyManifest(index([only]), {})).toBe(only);
  });

  it('selects an entry of every index that has one, an image if it has one', () => {
    const system = fc.constantFrom('linux', 'windows', 'unknown');
    const architecture = fc.constantFrom('amd64', 'arm64', 'unknown');
    const platforms = fc.array(
      fc.oneof(
        fc.constant('-'),
        fc.tuple(system, architecture).map((pair) => pair.join('/')),
      ),
    );
    fc.assert(
      fc.property(platforms, fc.record({ os: system, architecture }), (texts, preferred) => {
        const entries = texts.map(entry);
        const selected = selectLegacyManifest(index(entries), preferred);
        expect(selected === undefined).toBe(entries.length === 0);
        if (selected !== undefined) {
          expect(entries).toContain(selected);
          expect(isAttestation(selected)).toBe(entries.every(isAttestation));
        }
      }),
    );
  });
});
