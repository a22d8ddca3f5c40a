import type { ImageStream, TagEventCondition } from '@tagtrail/image-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestsOf } from './definitions.ts';
import { conditionOf, INSECURE_ANNOTATION, streamOf } from './registry-definitions.ts';
import { machineAddress, REGISTRY_KINDS, type RegistryKind } from './registry-programs.ts';
import { openSurroundings, type RegistrySurroundings } from './registry-surroundings.ts';

const REPOSITORY = 'shop/web';
const ALL_INSECURE = { [INSECURE_ANNOTATION]: 'true' };

let around: RegistrySurroundings;
/** What every registry serves as shop/web:latest. */
let digest: string;

beforeAll(async () => {
  around = await openSurroundings();
  digest = (await around.images.publish(REPOSITORY, 'latest')).digest;
});
afterAll(() => around?.[Symbol.asyncDispose]());

/** shop/web:latest of the registry at a host. */
const image = (host: string) => ({ from: `${host}/${REPOSITORY}:latest` });

const create = (definition: ImageStream) => around.tagtrail.client.streams.create(definition);

/** The condition of a tag once there is one. */
async function failureOf(name: string, tag: string): Promise<TagEventCondition | undefined> {
  const stream = await around.streamThat(name, (now) => conditionOf(now, tag) !== undefined);
  expect(digestsOf(stream, tag)).toEqual([]);
  return conditionOf(stream, tag);
}

/** What is wrong with a registry for somebody who insists on its identity. */
const PHRASES: Readonly<Record<RegistryKind, string>> = {
  'over plain HTTP': 'the server does not answer with tls',
  'behind a self-signed certificate': 'the certificate is self-signed',
  'with htpasswd over TLS': 'the certificate is self-signed',
};

function refusal(kind: RegistryKind): object {
  return {
    type: 'ImportSuccess',
    status: 'False',
    reason: 'TLSError',
    message: expect.stringContaining(PHRASES[kind]),
  };
}

describe.each(REGISTRY_KINDS)('a registry %s', (kind) => {
  /** Streams of one registry do not meet those of the next. */
  const id = REGISTRY_KINDS.indexOf(kind);
  const host = () => around.registries.hosts[kind];

  it('insecure by annotation: every tag of the stream is imported', async () => {
    const name = `annotated-${id}`;
    const tags = { latest: image(host()), stable: image(host()) };
    await create(streamOf(name, tags, ALL_INSECURE));
    await around.streamAt(name, 'latest', digest);
    await around.streamAt(name, 'stable', digest);
  });

  it('insecure by annotation: whoever writes the stream is warned, and told of the tags', async () => {
    const definition = streamOf(`warned-${id}`, { latest: image(host()) }, ALL_INSECURE);
    const { code, stderr } = await around.attempt(
      ['create', '-f', '-'],
      JSON.stringify(definition),
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Warning: .*importPolicy\.insecure/mu);
  });

  it('insecure by tag: importPolicy.insecure is enough', async () => {
    const name = `tag-${id}`;
    await create(streamOf(name, { latest: { ...image(host()), insecure: true } }));
    await around.streamAt(name, 'latest', digest);
  });

  it('insecure by tag: tagtrail tag --insecure=true is enough', async () => {
    await around.run(['tag', '--insecure=true', image(host()).from, `tagged-${id}:latest`]);
    const stream = await around.streamAt(`tagged-${id}`, 'latest', digest);
    expect(stream.spec.tags?.[0]?.importPolicy.insecure).toBe(true);
  });

  it('tag false under the annotation: the annotation counts', async () => {
    const name = `denied-${id}`;
    const tags = { latest: { ...image(host()), insecure: false } };
    await create(streamOf(name, tags, ALL_INSECURE));
    await around.streamAt(name, 'latest', digest);
  });

  it('without either: the import fails and says what to do', async () => {
    const name = `neither-${id}`;
    await create(streamOf(name, { latest: image(host()) }));
    const failure = await failureOf(name, 'latest');
    expect(failure).toMatchObject(refusal(kind));
    expect(failure?.message).toContain('importPolicy.insecure');
  });

  it('without either, an annotation other than "true": the import fails', async () => {
    const name = `unannotated-${id}`;
    const annotations = { [INSECURE_ANNOTATION]: 'yes' };
    await create(streamOf(name, { latest: image(host()) }, annotations));
    expect(await failureOf(name, 'latest')).toMatchObject(refusal(kind));
  });

  it('without either, by whatever address: loopback is no exception', async () => {
    const port = host().split(':')[1];
    const addresses = { ip: '127.0.0.1', name: 'localhost', machine: machineAddress() };
    const tags = Object.entries(addresses).map(([tag, address]) => {
      return [tag, image(`${address}:${port}`)] as const;
    });
    const name = `addresses-${id}`;
    await create(streamOf(name, Object.fromEntries(tags)));
    expect(await failureOf(name, 'ip')).toMatchObject(refusal(kind));
    expect(await failureOf(name, 'name')).toMatchObject(refusal(kind));
    expect(await failureOf(name, 'machine')).toMatchObject({ reason: 'TLSError' });
  });

  it('one insecure tag beside a secure one on the same host stays alone', async () => {
    const [mixed, later] = [`mixed-${id}`, `later-${id}`];
    const tags = { open: { ...image(host()), insecure: true }, strict: image(host()) };
    await create(streamOf(mixed, tags));
    await around.streamAt(mixed, 'open', digest);
    expect(await failureOf(mixed, 'strict')).toMatchObject(refusal(kind));
    await create(streamOf(later, { latest: image(host()) }));
    expect(await failureOf(later, 'latest')).toMatchObject(refusal(kind));
  });
});

describe('a registry with htpasswd behind a trusted certificate', () => {
  it('needs nothing to be insecure', async () => {
    await create(streamOf('trusted', { latest: image(around.registries.trustedHost) }));
    await around.streamAt('trusted', 'latest', digest);
  });
});
