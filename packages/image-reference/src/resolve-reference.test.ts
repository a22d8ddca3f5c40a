import { describe, expect, it } from 'vitest';
import { parseImageReference } from './parse-image-reference.ts';
import { resolveReference } from './resolve-reference.ts';

const DIGEST = `sha256:${'1'.repeat(64)}` as const;
const HUB = { registry: 'docker.io', endpoint: 'registry-1.docker.io' };

function resolved(text: string): unknown {
  const result = parseImageReference(text);
  return result.ok ? resolveReference(result.reference) : result.message;
}

describe('resolveReference', () => {
  it.each([
    'redis',
    'library/redis',
    'docker.io/redis',
    'docker.io/library/redis',
    'index.docker.io/redis',
    'registry-1.docker.io/library/redis',
    'registry.hub.docker.com/redis',
    'Docker.IO/redis',
  ])('folds %s to the one name of an official image', (text) => {
    expect(resolved(text)).toEqual({ ...HUB, repository: 'library/redis', tag: 'latest' });
  });

  it('leaves repositories of other owners on Docker Hub as they are', () => {
    expect(resolved('bitnami/redis:7')).toEqual({ ...HUB, repository: 'bitnami/redis', tag: '7' });
  });

  it('dials other registries under the name they have, port included', () => {
    expect(resolved('quay.io/redis')).toEqual({
      registry: 'quay.io',
      endpoint: 'quay.io',
      repository: 'redis',
      tag: 'latest',
    });
    expect(resolved('[::1]:5000/redis:7')).toEqual({
      registry: '[::1]:5000',
      endpoint: '[::1]:5000',
      repository: 'redis',
      tag: '7',
    });
  });

  it('gives one registry one key, however its host is capitalised', () => {
    expect(resolved('Quay.IO/redis')).toEqual(resolved('quay.io/redis'));
  });

  it.each([
    ['ghcr.io:443', 'ghcr.io', 'ghcr.io'],
    ['registry-1.docker.io:443', 'docker.io', 'registry-1.docker.io'],
    ['index.docker.io:443', 'docker.io', 'registry-1.docker.io'],
    ['ghcr.io:4433', 'ghcr.io:4433', 'ghcr.io:4433'],
  ])('gives %s the key %s: the port that is meant anyway makes no other registry', (...row) => {
    const [written, registry, endpoint] = row;
    const resolved = resolveReference({ registry: written, repository: 'team/app' });
    expect([resolved.registry, resolved.endpoint]).toEqual([registry, endpoint]);
  });

  it('takes only the very names of Docker Hub for it', () => {
    expect(resolved('evil.docker.io/redis')).toMatchObject({ registry: 'evil.docker.io' });
    expect(resolved('docker.io:5000/redis')).toMatchObject({ endpoint: 'docker.io:5000' });
  });

  it('adds no tag to a digest and keeps both when both were given', () => {
    expect(resolved(`quay.io/redis@${DIGEST}`)).toEqual({
      registry: 'quay.io',
      endpoint: 'quay.io',
      repository: 'redis',
      digest: DIGEST,
    });
    expect(resolved(`redis:7@${DIGEST}`)).toEqual({
      ...HUB,
      repository: 'library/redis',
      tag: '7',
      digest: DIGEST,
    });
  });
});
