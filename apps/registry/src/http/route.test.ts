import { describe, expect, it } from 'vitest';
import { parseRoute } from './route.ts';

const D = `sha256:${'a'.repeat(64)}` as const;
const L = `sha512:${'b'.repeat(128)}` as const;
const repository = { namespace: 'demo', name: 'app' };

describe('parseRoute', () => {
  it.each([
    ['/v2/', { kind: 'ping' }],
    ['/v2', { kind: 'ping' }],
    ['/token', { kind: 'token' }],
    ['/v2/_catalog', { kind: 'catalog' }],
    ['/v2/demo/app/manifests/latest', { kind: 'manifest', repository, reference: 'latest' }],
    [`/v2/demo/app/manifests/${D}`, { kind: 'manifest', repository, reference: D }],
    [
      `/v2/demo/app/manifests/${D.replace(':', '%3A')}`,
      { kind: 'manifest', repository, reference: D },
    ],
    [`/v2/demo/app/blobs/${L}`, { kind: 'blob', repository, digest: L }],
    ['/v2/demo/app/tags/list', { kind: 'tags', repository }],
    [`/v2/demo/app/referrers/${D}`, { kind: 'referrers', repository, digest: D }],
    [
      '/v2/demo/manifests/manifests/v1',
      { kind: 'manifest', repository: { namespace: 'demo', name: 'manifests' }, reference: 'v1' },
    ],
    ['/v2/demo/tags/tags/list', { kind: 'tags', repository: { namespace: 'demo', name: 'tags' } }],
  ])('reads %s', (path, route) => {
    expect(parseRoute(path)).toEqual(route);
  });

  it.each([
    '/',
    '/v1/',
    '/v2/demo',
    '/v2/demo/app',
    '/v2/demo/app/tags/other',
    '/v2//manifests',
    '/v2/demo/app/uploads/x',
    '/v3/demo/app/tags/list',
  ])('has nothing under %s', (path) => {
    expect(parseRoute(path)).toBeUndefined();
  });

  it.each([
    ['/v2/../etc/manifests/latest', 'NAME_INVALID'],
    ['/v2/demo/../manifests/latest', 'NAME_INVALID'],
    ['/v2/demo/%2e%2e/manifests/latest', 'NAME_INVALID'],
    ['/v2/demo%2Fapp/manifests/latest', 'NAME_INVALID'],
    ['/v2/demo/app/manifests/%2e%2e%2fx', 'NAME_INVALID'],
    ['/v2/demo%5capp/manifests/latest', 'NAME_INVALID'],
    ['/v2/demo/app/manifests/v1%0d%0aX-Evil:%201', 'NAME_INVALID'],
    ['/v2/demo/app/manifests/%252e', 'NAME_INVALID'],
    ['/v2/demo/app/manifests/%E0%A4%A', 'NAME_INVALID'],
    ['/v2/Demo/app/manifests/latest', 'NAME_INVALID'],
    [`/v2/demo/app/blobs/${'a'.repeat(2_000)}`, 'NAME_INVALID'],
    ['/v2/app/manifests/latest', 'NAME_UNKNOWN'],
    ['/v2/demo/app/more/manifests/latest', 'NAME_UNKNOWN'],
    ['/v2/demo/app/manifests/sha256:baddigeststring', 'DIGEST_INVALID'],
    [`/v2/demo/app/blobs/sha256:${'A'.repeat(64)}`, 'DIGEST_INVALID'],
    ['/v2/demo/app/blobs/sha256:..', 'DIGEST_INVALID'],
    ['/v2/demo/app/blobs/latest', 'DIGEST_INVALID'],
    [`/v2/demo/app/blobs/md5:${'a'.repeat(32)}`, 'DIGEST_INVALID'],
    ['/v2/demo/app/referrers/sha256:bad', 'DIGEST_INVALID'],
    ['/v2/demo/app/manifests/-x', 'MANIFEST_UNKNOWN'],
  ])('refuses %s', (path, code) => {
    expect(() => parseRoute(path)).toThrow(expect.objectContaining({ code }));
  });

  it('repeats of a bad name nothing that a terminal or a header would act on', () => {
    expect(() => parseRoute('/v2/demo/ap\u0007p\u00e9/manifests/x')).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^[\x20-\x7e]*$/) }),
    );
  });
});
