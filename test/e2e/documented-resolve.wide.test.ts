import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { streamOf } from './registry-definitions.ts';
import { REGISTRY_KINDS } from './registry-programs.ts';
import { NAMESPACE, openSurroundings, type RegistrySurroundings } from './registry-surroundings.ts';

const OWN_REGISTRY = 'registry.example.com:5000';
const REPOSITORY = 'shop/web';

let around: RegistrySurroundings;
let digest: string;

beforeAll(async () => {
  around = await openSurroundings({ TAGTRAIL_API_REGISTRY_HOSTNAME: OWN_REGISTRY });
  digest = (await around.images.publish(REPOSITORY, 'latest')).digest;
});
afterAll(() => around?.[Symbol.asyncDispose]());

describe.each(REGISTRY_KINDS)('a registry %s', (kind) => {
  /** Streams of one registry do not meet those of the next. */
  const id = REGISTRY_KINDS.indexOf(kind);
  const at = () => `${around.registries.hosts[kind]}/${REPOSITORY}`;

  it('Source and Local in resolve: where the image came from, and our own registry', async () => {
    const name = `policies-${id}`;
    const source = { from: `${at()}:latest`, insecure: true };
    const tags = {
      source: { ...source, referencePolicy: 'Source' },
      local: { ...source, referencePolicy: 'Local' },
    } as const;
    await around.tagtrail.client.streams.create(streamOf(name, tags));
    await around.streamAt(name, 'source', digest);
    const stream = await around.streamAt(name, 'local', digest);
    expect(await around.run(['resolve', `${name}:source`])).toBe(`${at()}@${digest}\n`);
    expect(await around.run(['resolve', `${name}:local`])).toBe(
      `${OWN_REGISTRY}/${NAMESPACE}/${name}@${digest}\n`,
    );
    const references = stream.status.tags?.map((list) => list.items?.[0]?.dockerImageReference);
    expect(references, 'the record itself names the source').toEqual([
      `${at()}@${digest}`,
      `${at()}@${digest}`,
    ]);
  });

  it('Source and Local in resolve: as tag --reference-policy says', async () => {
    const name = `tagged-${id}`;
    for (const policy of ['source', 'local']) {
      const options = [`--reference-policy=${policy}`, '--insecure=true'];
      await around.run(['tag', ...options, `${at()}:latest`, `${name}:${policy}`]);
      await around.streamAt(name, policy, digest);
    }
    expect(await around.run(['resolve', `${name}:source`])).toBe(`${at()}@${digest}\n`);
    expect(await around.run(['resolve', `${name}:local`])).toBe(
      `${OWN_REGISTRY}/${NAMESPACE}/${name}@${digest}\n`,
    );
  });

  it('Source and Local in resolve: as import-image --reference-policy says', async () => {
    const name = `imported-${id}`;
    for (const policy of ['source', 'local']) {
      const options = [`--reference-policy=${policy}`, '--insecure', '--confirm'];
      await around.run(['import-image', `${name}:${policy}`, `--from=${at()}`, ...options]);
    }
    expect(await around.run(['resolve', `${name}:source`])).toBe(`${at()}@${digest}\n`);
    expect(await around.run(['resolve', `${name}:local`])).toBe(
      `${OWN_REGISTRY}/${NAMESPACE}/${name}@${digest}\n`,
    );
  });
});
