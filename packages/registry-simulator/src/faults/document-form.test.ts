import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../image/digest.ts';
import { openRegistrySimulator, type RegistrySimulator } from '../registry-simulator.ts';
import { DOCUMENT_FORMS } from './document-form.ts';

let simulator: RegistrySimulator;

beforeEach(async () => {
  simulator = await openRegistrySimulator();
});

afterEach(async () => {
  await simulator[Symbol.asyncDispose]();
});

async function fetchManifest(reference: string) {
  const response = await fetch(`${simulator.url}/v2/shop/multi/manifests/${reference}`);
  const digest = response.headers.get('docker-content-digest') ?? '';
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, type: response.headers.get('content-type'), digest, body };
}

describe('a manifest in another form', () => {
  it.each(DOCUMENT_FORMS)('is served at its own digest: %s', async (document) => {
    const platforms = ['linux/amd64', 'linux/arm64'];
    simulator.push('shop/multi', 'v1', { platforms, format: 'docker' });
    simulator.faults.set({ route: 'manifest' }, { document });
    const tagged = await fetchManifest('v1');
    const algorithm = document === 'sha512' ? 'sha512' : 'sha256';
    expect(tagged.digest).toBe(digestOf(tagged.body, algorithm));
    const addressed = await fetchManifest(tagged.digest);
    expect({ ...addressed, body: digestOf(addressed.body) }).toEqual({
      ...tagged,
      body: digestOf(tagged.body),
    });
  });

  it('leaves what was pushed at the digest that it was pushed with', async () => {
    const push = simulator.push('shop/multi', 'v1', { platforms: ['linux/amd64'] });
    simulator.faults.set({ route: 'manifest' }, { document: 'noPlatform' });
    const addressed = await fetchManifest(push.digest);
    expect(digestOf(addressed.body)).toBe(push.digest);
    expect((await fetchManifest('v1')).digest).not.toBe(push.digest);
  });

  it('is the pushed one where the form does not apply', async () => {
    const push = simulator.push('shop/multi', 'v1');
    simulator.faults.set({ route: 'manifest' }, { document: 'nested' });
    expect((await fetchManifest('v1')).digest).toBe(push.digest);
  });

  it('goes out as the pushed one would have', async () => {
    simulator.push('shop/multi', 'v1', { platforms: ['linux/amd64'] });
    simulator.faults.set({ reference: 'v1' }, { truncateBody: 3 });
    simulator.faults.set({ route: 'manifest' }, { document: 'noPlatform' });
    await expect(fetchManifest('v1')).rejects.toThrow('terminated');
  });

  it('is none of a tag that is not there', async () => {
    simulator.push('shop/multi', 'v1');
    simulator.faults.set({ route: 'manifest' }, { document: 'oci' });
    expect((await fetchManifest('v2')).status).toBe(404);
  });
});
