import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definition, digestsOf } from './definitions.ts';
import { eventually, type Installation, openInstallation } from './installation.ts';

const WORKERS = 2;
let tagtrail: Installation;
let simulator: RegistrySimulator;

beforeAll(async () => {
  simulator = await openRegistrySimulator();
  tagtrail = await openInstallation({ api: 1, producer: 1, worker: WORKERS, 'status-writer': 1 });
});
afterAll(async () => {
  await tagtrail[Symbol.asyncDispose]();
  await simulator[Symbol.asyncDispose]();
});

const read = (name: string) => tagtrail.client.streams.get({ namespace: 'demo', name });
const headIs = (name: string, digest: string, limit: number) =>
  eventually(async () => {
    const stream = await read(name);
    return digestsOf(stream, 'latest')[0] === digest ? stream : undefined;
  }, limit);

describe('a stream created while everything runs', () => {
  it('is recorded within 2 s', async () => {
    const push = simulator.push('shop/new', 'latest');
    await tagtrail.client.streams.create(
      definition('new', { latest: `${simulator.host}/shop/new` }),
    );
    const stream = await headIs('new', push.digest, 2_000);
    expect(stream.metadata.generation).toBe(2);
    expect(stream.spec.tags?.[0]?.generation).toBe(2);
  });

  it('imports an edited source at once', async () => {
    const push = simulator.push('shop/other', 'v2');
    const stream = await read('new');
    const [tag] = stream.spec.tags ?? [];
    if (tag === undefined) throw new Error('no tag');
    const edited = {
      ...tag,
      from: { kind: 'DockerImage', name: `${simulator.host}/shop/other:v2` },
    };
    await tagtrail.client.streams.replace({ ...stream, spec: { ...stream.spec, tags: [edited] } });
    await headIs('new', push.digest, 2_000);
  });
});

describe('a tag on a schedule of 2 s', () => {
  it('has a new push as items[0] within 3 s, once, and then costs one HEAD a check and no write', async () => {
    simulator.push('shop/web', 'latest');
    const source = { latest: `${simulator.host}/shop/web` };
    await tagtrail.client.streams.create(definition('web', source, { schedule: '2s' }));
    await headIs('web', simulator.pushes.at(-1)?.digest ?? '', 3_000);
    const push = simulator.push('shop/web', 'latest');
    const moved = await headIs('web', push.digest, 3_000);
    expect(digestsOf(moved, 'latest').filter((digest) => digest === push.digest)).toHaveLength(1);

    const before = await checkOf('web');
    simulator.clearRequests();
    const looks = () => simulator.requests.filter(({ repository }) => repository === 'shop/web');
    await eventually(async () => (looks().length >= 20 ? true : undefined), 60_000);
    const after = await eventually(async () => {
      const check = await checkOf('web');
      return check?.outcome === 'unchanged' ? check : undefined;
    }, 3_000);
    expect((await read('web')).metadata.resourceVersion).toBe(moved.metadata.resourceVersion);
    expect(after.lastChecked).not.toBe(before?.lastChecked);
    expect(new Set(looks().map(({ method, route }) => `${method} ${route}`))).toEqual(
      new Set(['HEAD manifest']),
    );
    expect(new Set(looks().map(({ connection }) => connection)).size).toBeLessThanOrEqual(WORKERS);
    const gaps = looks().map(({ at }) => at);
    const span = ((gaps.at(-1) ?? 0) - (gaps[0] ?? 0)) / (gaps.length - 1);
    expect(span).toBeGreaterThan(1_900);
    expect(span).toBeLessThan(2_300);
  });

  async function checkOf(name: string) {
    const check = await tagtrail.client.checks.get({ namespace: 'demo', name });
    return check.tags.find(({ tag }) => tag === 'latest');
  }
});
