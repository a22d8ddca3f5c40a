import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../image/digest.ts';
import { WIRE_MEDIA_TYPE } from '../image/media-type.ts';
import type { RegistrySimulator } from '../registry-simulator.ts';
import { openRegistrySimulator } from '../registry-simulator.ts';

let simulator: RegistrySimulator;

beforeEach(async () => {
  simulator = await openRegistrySimulator();
});

afterEach(async () => {
  await simulator[Symbol.asyncDispose]();
});

function fetchPath(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${simulator.url}${path}`, init);
}

async function errorCode(response: Response): Promise<string> {
  expect(response.headers.get('content-type')).toBe('application/json');
  const { errors } = JSON.parse(await response.text());
  return errors[0].code;
}

describe('manifests', () => {
  it('are served by tag, byte for byte, with type, length, digest and ETag', async () => {
    const push = simulator.push('shop/web', 'v1');
    const response = await fetchPath('/v2/shop/web/manifests/v1');
    const body = Buffer.from(await response.arrayBuffer());
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': WIRE_MEDIA_TYPE.ociManifest,
      'content-length': String(body.length),
      'docker-content-digest': push.digest,
      etag: `"${push.digest}"`,
    });
    expect(digestOf(body)).toBe(push.digest);
  });

  it('answer a HEAD as they would a GET, without the body', async () => {
    simulator.push('shop/web', 'v1');
    const got = await fetchPath('/v2/shop/web/manifests/v1');
    const headed = await fetchPath('/v2/shop/web/manifests/v1', { method: 'HEAD' });
    expect(headed.status).toBe(200);
    expect(await headed.text()).toBe('');
    for (const name of ['content-type', 'content-length', 'docker-content-digest', 'etag'])
      expect(headed.headers.get(name)).toBe(got.headers.get(name));
  });

  it('are served by digest after the tag has moved on', async () => {
    const old = simulator.push('shop/web', 'latest');
    const moved = simulator.push('shop/web', 'latest');
    expect(moved.digest).not.toBe(old.digest);
    const byDigest = await fetchPath(`/v2/shop/web/manifests/${old.digest}`);
    expect(byDigest.headers.get('docker-content-digest')).toBe(old.digest);
    const byTag = await fetchPath('/v2/shop/web/manifests/latest');
    expect(byTag.headers.get('docker-content-digest')).toBe(moved.digest);
  });

  it('lead to their config and layers', async () => {
    simulator.push('shop/web', 'v1');
    const manifest = await (await fetchPath('/v2/shop/web/manifests/v1')).text();
    const { config, layers } = JSON.parse(manifest);
    for (const { digest, size } of [config, ...layers]) {
      const blob = await fetchPath(`/v2/shop/web/blobs/${digest}`);
      const bytes = Buffer.from(await blob.arrayBuffer());
      expect(blob.headers.get('docker-content-digest')).toBe(digest);
      expect(bytes).toHaveLength(size);
      expect(digestOf(bytes)).toBe(digest);
    }
  });

  it('of an index lead to the manifests the ledger names', async () => {
    const image = { platforms: ['linux/amd64', 'linux/arm64'], attestations: true };
    const push = simulator.push('shop/web', 'v1', image);
    expect(push.mediaType).toBe(WIRE_MEDIA_TYPE.ociIndex);
    expect(push.children.map(({ platform }) => platform)).toEqual([
      'linux/amd64',
      'linux/arm64',
      'unknown/unknown',
      'unknown/unknown',
    ]);
    for (const { digest } of push.children) {
      const child = await fetchPath(`/v2/shop/web/manifests/${digest}`);
      expect(digestOf(await child.text())).toBe(digest);
    }
  });

  it('are not sent again to who has them', async () => {
    const { digest } = simulator.push('shop/web', 'v1');
    for (const known of [`"${digest}"`, digest, `W/"${digest}"`, `"x", "${digest}"`, '*']) {
      const headers = { 'If-None-Match': known };
      const response = await fetchPath('/v2/shop/web/manifests/v1', { headers });
      expect([response.status, await response.text()]).toEqual([304, '']);
    }
    const headers = { 'If-None-Match': `"${digestOf('other')}"` };
    expect((await fetchPath('/v2/shop/web/manifests/v1', { headers })).status).toBe(200);
  });

  it('of a repository whose name holds slashes and keywords are found', async () => {
    const { digest } = simulator.push('a/manifests/b/tags/list', 'v1');
    const response = await fetchPath('/v2/a/manifests/b/tags/list/manifests/v1');
    expect(response.headers.get('docker-content-digest')).toBe(digest);
  });
});

describe('what is not there', () => {
  it('is refused with the code of the distribution-spec', async () => {
    simulator.push('shop/web', 'v1');
    const digest = digestOf('nothing');
    const expected = {
      '/v2/shop/api/manifests/v1': [404, 'NAME_UNKNOWN'],
      '/v2/shop/web/manifests/v2': [404, 'MANIFEST_UNKNOWN'],
      [`/v2/shop/web/manifests/${digest}`]: [404, 'MANIFEST_UNKNOWN'],
      [`/v2/shop/web/blobs/${digest}`]: [404, 'BLOB_UNKNOWN'],
      '/v2/shop/web/manifests/sha256:bad': [400, 'DIGEST_INVALID'],
      '/v2/shop/web/blobs/latest': [400, 'DIGEST_INVALID'],
      '/v2/Shop/web/manifests/v1': [400, 'NAME_INVALID'],
      '/v2/shop/api/tags/list': [404, 'NAME_UNKNOWN'],
      '/v2/shop/web/nothing': [404, 'UNSUPPORTED'],
    };
    for (const [path, answer] of Object.entries(expected)) {
      const response = await fetchPath(path);
      expect([response.status, await errorCode(response)], path).toEqual(answer);
    }
  });

  it('includes blobs of other repositories', async () => {
    simulator.push('shop/web', 'v1', { seed: 1 });
    simulator.push('shop/api', 'v1', { seed: 2 });
    const { layers } = JSON.parse(await (await fetchPath('/v2/shop/web/manifests/v1')).text());
    const elsewhere = await fetchPath(`/v2/shop/api/blobs/${layers[1].digest}`);
    expect(await errorCode(elsewhere)).toBe('BLOB_UNKNOWN');
  });

  it('includes writing', async () => {
    const response = await fetchPath('/v2/shop/web/manifests/v1', { method: 'PUT', body: '{}' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(await errorCode(response)).toBe('UNSUPPORTED');
  });
});

describe('tags', () => {
  async function tagPage(query: string) {
    const response = await fetchPath(`/v2/shop/web/tags/list${query}`);
    const { name, tags } = JSON.parse(await response.text());
    expect(name).toBe('shop/web');
    return { tags, link: response.headers.get('link') };
  }

  it('are listed in byte order', async () => {
    for (const tag of ['v2', 'V1', 'latest', 'v10']) simulator.push('shop/web', tag);
    expect(await tagPage('')).toEqual({ tags: ['V1', 'latest', 'v10', 'v2'], link: null });
  });

  it('come in pages that link to the next', async () => {
    for (const tag of ['a', 'b', 'c', 'd', 'e']) simulator.push('shop/web', tag);
    const first = await tagPage('?n=2');
    expect(first).toEqual({
      tags: ['a', 'b'],
      link: '</v2/shop/web/tags/list?n=2&last=b>; rel="next"',
    });
    expect((await tagPage('?n=2&last=b')).tags).toEqual(['c', 'd']);
    expect(await tagPage('?n=2&last=d')).toEqual({ tags: ['e'], link: null });
    expect(await tagPage('?n=0')).toEqual({ tags: [], link: null });
  });

  it('come in pages of a thousand at most', async () => {
    for (let n = 1000; n < 2001; n += 1) simulator.push('shop/web', `v${n}`, { seed: 1 });
    const { tags, link } = await tagPage('?n=5000');
    expect(tags).toHaveLength(1000);
    expect(link).toContain('n=1000&last=v1999');
  });

  it('are not listed by a number that is none', async () => {
    simulator.push('shop/web', 'v1');
    const response = await fetchPath('/v2/shop/web/tags/list?n=abc');
    expect([response.status, await errorCode(response)]).toEqual([
      400,
      'PAGINATION_NUMBER_INVALID',
    ]);
  });

  it('are gone when deleted, while the image stays', async () => {
    const { digest } = simulator.push('shop/web', 'v1');
    expect(simulator.deleteTag('shop/web', 'v1')).toBe(true);
    expect(simulator.deleteTag('shop/web', 'v1')).toBe(false);
    expect(await tagPage('')).toEqual({ tags: [], link: null });
    expect((await fetchPath('/v2/shop/web/manifests/v1')).status).toBe(404);
    expect((await fetchPath(`/v2/shop/web/manifests/${digest}`)).status).toBe(200);
  });
});
