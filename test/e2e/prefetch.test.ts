import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from './installation.ts';
import { openPulling, type Pulling } from './pulling.ts';

/** ms for copies to be made on a busy machine. */
const LIMIT = 20_000;
const annotations = { 'tagtrail.dev/prefetch': 'true', 'tagtrail.dev/schedule': '1s' };

let pulling: Pulling;
beforeAll(async () => {
  pulling = await openPulling();
});
afterAll(async () => pulling?.[Symbol.asyncDispose]());

interface Storage {
  readonly blobs: number;
  readonly downloads: number;
}

async function storage(): Promise<Storage> {
  return (await (await pulling.registry.get('/tagtrail/v1/storage')).json()) as Storage;
}

const copies = (count: number) =>
  eventually(async () => ((await storage()).blobs === count ? true : undefined), LIMIT);

/** Digests of the layers of an image, as the registry serves its manifest. */
async function layersOf(reference: string): Promise<readonly string[]> {
  const reply = await pulling.registry.get(`/v2/demo/ready/manifests/${reference}`);
  const { layers } = (await reply.json()) as { layers: readonly { digest: string }[] };
  return layers.map(({ digest }) => digest);
}

it('copies what a stream asks for as soon as it is recorded, every platform, and every new image', async () => {
  const { simulator, registry, follow } = pulling;
  const platforms = ['linux/amd64', 'linux/arm64'];
  const first = simulator.push('shop/ready', 'latest', { platforms });
  await follow('ready', { latest: 'shop/ready:latest' }, { annotations });
  const digests = (
    await Promise.all((first.children ?? []).map(({ digest }) => layersOf(digest)))
  ).flat();
  await copies(new Set(digests).size);
  const second = simulator.push('shop/ready', 'latest');
  const more = await eventually(async () => {
    const reply = await registry.get('/v2/demo/ready/manifests/latest', { method: 'HEAD' });
    return reply.headers.get('docker-content-digest') === second.digest
      ? layersOf('latest')
      : undefined;
  }, LIMIT);
  await copies(new Set([...digests, ...more]).size);
  simulator.faults.set({}, { status: 500 });
  for (const digest of more) {
    const reply = await registry.get(`/v2/demo/ready/blobs/${digest}`);
    expect(reply.headers.get('tagtrail-source')).toBe('copy');
    await reply.arrayBuffer();
  }
  simulator.faults.clear();
});

it('asks upstream once for each copy', async () => {
  const { downloads, blobs } = await storage();
  expect(downloads).toBe(blobs);
});

it('tries again what could not be had, and leaves streams alone that do not ask', async () => {
  const { simulator, follow } = pulling;
  const { blobs } = await storage();
  simulator.push('shop/later', 'latest');
  simulator.push('shop/never', 'latest');
  await follow('never', { latest: 'shop/never:latest' });
  const broken = simulator.faults.set(
    { repository: 'shop/later', route: 'blob', skip: 1, first: 1 },
    { status: 503 },
  );
  await follow('later', { latest: 'shop/later:latest' }, { annotations });
  await eventually(async () => broken.applied > 0 || undefined, LIMIT);
  await eventually(async () => ((await storage()).blobs > blobs ? true : undefined), LIMIT);
});
