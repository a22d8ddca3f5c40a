import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readFileStreams } from '../streams/file-streams.ts';
import { DEMO_NAMESPACE, planDemo } from './demo-plan.ts';

const cwd = fileURLToPath(new URL('../../../../examples/', import.meta.url));

async function* nothing(): AsyncGenerator<string> {}

function read(folder: string) {
  const target = { namespace: 'other', namespaceIsForced: false };
  return readFileStreams([folder], target, { cwd, openStdin: nothing });
}

async function examples() {
  return (await read('.')).manifests;
}

describe('the examples', () => {
  it.each(['.', 'public-registries'])('are valid (%s)', async (folder) => {
    const { manifests, problems } = await read(folder);
    expect(manifests.length).toBeGreaterThan(0);
    expect(problems).toEqual([]);
  });

  it('are all about the namespace and the registry of the demo', async () => {
    const manifests = await examples();
    expect(new Set(manifests.map((one) => one.namespace))).toEqual(new Set([DEMO_NAMESPACE]));
    const text = JSON.stringify(planDemo(manifests, '127.0.0.1:1').manifests);
    expect(text).not.toContain(':5451');
    expect(text.match(/127\.0\.0\.1:1\//gu)).toHaveLength(5);
  });
});

describe('planDemo', () => {
  it('has the simulator move what is scheduled and serve the rest', async () => {
    const plan = planDemo(await examples(), '127.0.0.1:5451');
    expect(plan.moving).toEqual([
      'demo/shop/api:latest=linux/amd64,linux/arm64',
      'demo/shop/worker:v2',
      'demo/web:latest',
      'demo/web:stable',
    ]);
    expect(plan.still).toEqual(['demo/web:1.27']);
    const objects = (await examples()).map(({ object }) => object);
    expect(plan.manifests.map(({ object }) => object)).toEqual(objects);
  });

  it('leaves other registries, digests and other kinds alone', () => {
    const from = (name: string, kind = 'DockerImage') => ({ name: 't', from: { kind, name } });
    const object = {
      spec: { tags: [from('docker.io/library/redis:7'), from('web:latest', 'ImageStreamTag'), {}] },
    };
    const manifest = {
      place: 'f',
      object,
      name: 'x',
      namespace: 'demo',
      lineOf: () => 1,
      sourceOf: () => undefined,
    };
    const plan = planDemo([manifest], '127.0.0.1:1');
    expect(plan).toEqual({
      manifests: [manifest],
      moving: [],
      still: [],
    });
  });
});
