import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { digestsOf } from './definitions.ts';
import { INSECURE_ANNOTATION } from './registry-definitions.ts';
import { REGISTRY_KINDS } from './registry-programs.ts';
import { NAMESPACE, openSurroundings, type RegistrySurroundings } from './registry-surroundings.ts';

/** Where the images of streams are served, as far as their answers say. */
const OWN_REGISTRY = '172.30.94.234:5000';
/** ms from the answer to a creation until the registry is asked, on a busy machine; schedules count minutes. */
const AT_ONCE = 3_000;

let around: RegistrySurroundings;

beforeAll(async () => {
  around = await openSurroundings({ TAGTRAIL_API_REGISTRY_HOSTNAME: OWN_REGISTRY });
});
afterAll(() => around?.[Symbol.asyncDispose]());

/** The documented definition: a name and a repository, here of a registry that needs the annotation. */
function definitionOf(name: string, repository: string): object {
  return {
    apiVersion: 'v1',
    kind: 'ImageStream',
    metadata: { name, annotations: { [INSECURE_ANNOTATION]: 'true' } },
    spec: { dockerImageRepository: repository },
  };
}

const TIMESTAMP = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

describe.each(REGISTRY_KINDS)('a registry %s', (kind) => {
  /** Streams and repositories of one registry do not meet those of the next. */
  const id = REGISTRY_KINDS.indexOf(kind);
  const at = (repository: string) => `${around.registries.hosts[kind]}/${repository}`;
  const create = (definition: string) => around.run(['create', '-f', '-'], definition);

  it('creation from YAML with spec.dockerImageRepository: every tag is imported', async () => {
    const [name, repository] = [`yaml-${id}`, `openshift/yaml-${id}`];
    const pushes = await around.images.publishTags(repository, ['1.0', '2.0', 'latest']);
    const said = await create(stringify(definitionOf(name, at(repository))));
    expect(said).toBe(`imagestream.image.openshift.io/${name} created\n`);
    for (const { tag, digest } of pushes) await around.streamAt(name, tag, digest);
  });

  it('creation from JSON with spec.dockerImageRepository: every tag is imported', async () => {
    const [name, repository] = [`json-${id}`, `openshift/json-${id}`];
    const pushes = await around.images.publishTags(repository, ['1.0', '2.0', 'latest']);
    const said = await create(JSON.stringify(definitionOf(name, at(repository))));
    expect(said).toBe(`imagestream.image.openshift.io/${name} created\n`);
    for (const { tag, digest } of pushes) await around.streamAt(name, tag, digest);
  });

  it('contact at once on creation: the registry is asked for its tags without waiting for a schedule', async () => {
    const [name, repository] = [`contact-${id}`, `openshift/contact-${id}`];
    const { digest } = await around.images.publish(repository, 'latest');
    await create(JSON.stringify(definitionOf(name, at(repository))));
    const created = performance.now();
    await around.registries.request(kind, `GET /v2/${repository}/tags/list`);
    expect(performance.now() - created).toBeLessThan(AT_ONCE);
    await around.streamAt(name, 'latest', digest);
  });

  it('the synced object, field by field', async () => {
    const [name, repository] = [`my-ruby-${id}`, `openshift/ruby-${id}-centos7`];
    const { digest } = await around.images.publish(repository, 'latest');
    await create(stringify(definitionOf(name, at(repository))));
    await around.streamAt(name, 'latest', digest);
    const stream = await around.tagtrail.client.streams.get({ namespace: NAMESPACE, name });
    const checked = stream.metadata.annotations?.['openshift.io/image.dockerRepositoryCheck'];
    expect(stream).toEqual({
      kind: 'ImageStream',
      apiVersion: 'image.openshift.io/v1',
      metadata: {
        name,
        namespace: NAMESPACE,
        uid: expect.stringMatching(/^[\da-f-]{36}$/),
        resourceVersion: expect.stringMatching(/^\d+$/),
        creationTimestamp: TIMESTAMP,
        generation: 2,
        annotations: {
          [INSECURE_ANNOTATION]: 'true',
          'openshift.io/image.dockerRepositoryCheck': TIMESTAMP,
        },
      },
      spec: {
        lookupPolicy: { local: false },
        dockerImageRepository: at(repository),
        tags: [
          {
            name: 'latest',
            annotations: null,
            from: { kind: 'DockerImage', name: `${at(repository)}:latest` },
            generation: 2,
            importPolicy: { importMode: 'Legacy' },
            referencePolicy: { type: 'Source' },
          },
        ],
      },
      status: {
        dockerImageRepository: `${OWN_REGISTRY}/${NAMESPACE}/${name}`,
        tags: [
          {
            tag: 'latest',
            items: [
              {
                created: checked,
                dockerImageReference: `${at(repository)}@${digest}`,
                image: digest,
                generation: 2,
              },
            ],
          },
        ],
      },
    });
  });

  it('--all of a stream with spec.dockerImageRepository: tags that came later are imported', async () => {
    const [name, repository] = [`later-${id}`, `openshift/later-${id}`];
    const first = await around.images.publish(repository, '1.0');
    await create(stringify(definitionOf(name, at(repository))));
    await around.streamAt(name, '1.0', first.digest);
    const second = await around.images.publish(repository, '2.0');
    await around.run(['import-image', name, '--all']);
    const stream = await around.tagtrail.client.streams.get({ namespace: NAMESPACE, name });
    expect(digestsOf(stream, '1.0')).toEqual([first.digest]);
    expect(digestsOf(stream, '2.0')).toEqual([second.digest]);
  });
});
