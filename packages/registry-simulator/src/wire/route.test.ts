import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRoute, splitTarget } from './route.ts';

/** Components that the keywords of the paths are among. */
const repositoryName = fc
  .array(fc.constantFrom('shop', 'web', 'manifests', 'blobs', 'tags', 'list'), {
    minLength: 1,
    maxLength: 6,
  })
  .map((components) => components.join('/'));

const digest = `sha256:${'0'.repeat(64)}`;

describe('parseRoute', () => {
  it('finds the repository in the path of a manifest, keywords in its name or not', () => {
    fc.assert(
      fc.property(repositoryName, (repository) => {
        const route = { kind: 'manifest', repository, reference: 'v1.2' };
        expect(parseRoute(`/v2/${repository}/manifests/v1.2`)).toEqual(route);
      }),
    );
  });

  it('finds the repository in the path of a blob', () => {
    fc.assert(
      fc.property(repositoryName, (repository) => {
        const route = { kind: 'blob', repository, reference: digest };
        expect(parseRoute(`/v2/${repository}/blobs/${digest}`)).toEqual(route);
      }),
    );
  });

  it('finds the repository in the path of a tag list', () => {
    fc.assert(
      fc.property(repositoryName, (repository) => {
        expect(parseRoute(`/v2/${repository}/tags/list`)).toEqual({ kind: 'tags', repository });
      }),
    );
  });

  it('understands a digest whose colon was escaped', () => {
    const path = `/v2/shop/web/manifests/${encodeURIComponent(digest)}`;
    expect(parseRoute(path)).toMatchObject({ repository: 'shop/web', reference: digest });
  });

  it('knows the ping and the token endpoint', () => {
    expect(parseRoute('/v2/').kind).toBe('ping');
    expect(parseRoute('/v2').kind).toBe('ping');
    expect(parseRoute('/token').kind).toBe('token');
  });

  it('takes everything else for unknown', () => {
    for (const path of [
      '/',
      '/v1/',
      '/v2/shop',
      '/v2/shop/web',
      '/v2/%ff/manifests/a',
      '/v2/a/b/c',
    ])
      expect(parseRoute(path)).toEqual({ kind: 'unknown' });
  });
});

describe('splitTarget', () => {
  it('splits at the first question mark', () => {
    expect(splitTarget('/a?b?c')).toEqual({ path: '/a', query: 'b?c' });
    expect(splitTarget('/a')).toEqual({ path: '/a', query: '' });
  });
});
