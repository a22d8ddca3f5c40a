import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../image/digest.ts';
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

describe('push', () => {
  it('writes the ledger in order, with the time it was given', async () => {
    let now = 1000;
    await using dated = await openRegistrySimulator({ now: () => now });
    const first = dated.push('shop/web', 'v1');
    now = 2000;
    const second = dated.push('shop/api', 'v1');
    expect(dated.pushes).toEqual([first, second]);
    expect(dated.pushes.map(({ at }) => at)).toEqual([1000, 2000]);
  });

  it('moves a tag back to an image it had before', async () => {
    const a = simulator.push('shop/web', 'latest', { platforms: ['linux/amd64'] });
    const b = simulator.push('shop/web', 'latest');
    const again = simulator.push('shop/web', 'latest', { sameAs: a.digest });
    expect(simulator.pushes.map(({ digest }) => digest)).toEqual([a.digest, b.digest, a.digest]);
    expect(again).toMatchObject({ mediaType: a.mediaType, children: a.children });
    const served = await fetchPath('/v2/shop/web/manifests/latest');
    expect(served.headers.get('docker-content-digest')).toBe(a.digest);
  });

  it('copies an image from another repository with all below it', async () => {
    const { digest, children } = simulator.push('shop/web', 'v1', { platforms: ['linux/amd64'] });
    simulator.push('mirror/web', 'v1', { sameAs: digest, from: 'shop/web' });
    const child = await fetchPath(`/v2/mirror/web/manifests/${children[0]?.digest}`);
    const { config } = JSON.parse(await child.text());
    expect((await fetchPath(`/v2/mirror/web/blobs/${config.digest}`)).status).toBe(200);
  });

  it('gives equal digests for equal seeds, in any repository of any simulator', async () => {
    await using other = await openRegistrySimulator();
    const here = simulator.push('shop/web', 'v1', { seed: 7 });
    const there = other.push('shop/api', 'v2', { seed: 7 });
    expect(there.digest).toBe(here.digest);
  });

  it('gives different digests without a seed, also in two simulators at the same moment', async () => {
    const now = () => 1000;
    await using first = await openRegistrySimulator({ now });
    await using second = await openRegistrySimulator({ now });
    const digests = [first, second, first].map((each) => each.push('shop/web', 'v1').digest);
    expect(new Set(digests).size).toBe(3);
  });

  it('serves a document verbatim, broken or not', async () => {
    const image = {
      manifest: '{"layers": 1',
      mediaType: 'text/plain; charset=utf-8',
      blobs: ['x'],
    };
    const push = simulator.push('shop/web', 'broken', image);
    expect(push).toMatchObject({ digest: digestOf(image.manifest), children: [] });
    const response = await fetchPath('/v2/shop/web/manifests/broken');
    expect(response.headers.get('content-type')).toBe(image.mediaType);
    expect(await response.text()).toBe(image.manifest);
    expect(await (await fetchPath(`/v2/shop/web/blobs/${digestOf('x')}`)).text()).toBe('x');
  });

  it('refuses names and images that no registry has', () => {
    expect(() => simulator.push('Shop', 'v1')).toThrow('not a repository name');
    expect(() => simulator.push('shop', '-v1')).toThrow('not a tag name');
    expect(() => simulator.push('shop', 'v1', { sameAs: digestOf('x') })).toThrow('no manifest');
    const mediaType = 'a\r\nb: c';
    expect(() => simulator.push('shop', 'v1', { manifest: '{}', mediaType })).toThrow('mediaType');
    expect(simulator.pushes).toEqual([]);
  });

  it('wakes who waits for it', async () => {
    const waiting = simulator.waitForPush(({ tag }) => tag === 'v2');
    simulator.push('shop/web', 'v1');
    const push = simulator.push('shop/web', 'v2');
    await expect(waiting).resolves.toBe(push);
  });
});
