import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestsOf } from './definitions.ts';
import { conditionOf, INSECURE_ANNOTATION, streamOf } from './registry-definitions.ts';
import { REGISTRY_KINDS } from './registry-programs.ts';
import { NAMESPACE, openSurroundings, type RegistrySurroundings } from './registry-surroundings.ts';

let around: RegistrySurroundings;

beforeAll(async () => {
  around = await openSurroundings({ TAGTRAIL_SCHEDULE_DEFAULT_INTERVAL: '1s' });
});
afterAll(() => around?.[Symbol.asyncDispose]());

/** The stream as it is now: a command that imports returns when everything is recorded. */
const streamNow = (name: string) =>
  around.tagtrail.client.streams.get({ namespace: NAMESPACE, name });

describe.each(REGISTRY_KINDS)('a registry %s', (kind) => {
  /** Streams and repositories of one registry do not meet those of the next. */
  const id = REGISTRY_KINDS.indexOf(kind);
  const at = (repository: string) => `${around.registries.hosts[kind]}/${repository}`;
  const importImage = (...args: readonly string[]) => around.run(['import-image', ...args]);

  it('manual import: import-image creates the stream and has recorded the image when it returns', async () => {
    const [name, repository] = [`manual-${id}`, `manual/web-${id}`];
    const { digest } = await around.images.publish(repository, 'latest');
    const said = await importImage(name, `--from=${at(repository)}`, '--confirm', '--insecure');
    expect(said).toMatch(`imagestream.image.openshift.io/${name} imported\n\n`);
    const stream = await streamNow(name);
    expect(digestsOf(stream, 'latest')).toEqual([digest]);
    expect(stream.spec.tags).toMatchObject([
      {
        name: 'latest',
        from: { kind: 'DockerImage', name: at(repository) },
        importPolicy: { insecure: true, importMode: 'Legacy' },
        referencePolicy: { type: 'Source' },
      },
    ]);
  });

  it('manual import: a tag that is not scheduled is taken to where it is now', async () => {
    const [name, repository] = [`again-${id}`, `manual/again-${id}`];
    const first = await around.images.publish(repository, 'v1');
    const source = `${at(repository)}:v1`;
    await importImage(`${name}:v1`, `--from=${source}`, '--confirm', '--insecure');
    const second = await around.images.publish(repository, 'v1');
    await importImage(`${name}:v1`);
    expect(digestsOf(await streamNow(name), 'v1')).toEqual([second.digest, first.digest]);
  });

  it('manual import: what the registry does not have is a failure, and the last image stays', async () => {
    const [name, repository] = [`missing-${id}`, `manual/missing-${id}`];
    const { digest } = await around.images.publish(repository, 'latest');
    await importImage(name, `--from=${at(repository)}`, '--confirm', '--insecure');
    const source = `${at(repository)}:nope`;
    const failed = await around.attempt([
      'import-image',
      `${name}:nope`,
      `--from=${source}`,
      '--insecure',
    ]);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(
      `imagestream.image.openshift.io/${name} imported with errors\n\n`,
    );
    const message = `dockerimage.image.openshift.io "${source}" not found`;
    expect(failed.stderr).toContain(`error: tag nope failed: ${message}\n`);
    const stream = await streamNow(name);
    expect(conditionOf(stream, 'nope')).toMatchObject({ reason: 'NotFound', message });
    expect(digestsOf(stream, 'latest')).toEqual([digest]);
  });

  it('manual import without --insecure: it fails and says what to do', async () => {
    const [name, repository] = [`strict-${id}`, `manual/strict-${id}`];
    await around.images.publish(repository, 'latest');
    const source = `--from=${at(repository)}`;
    const failed = await around.attempt(['import-image', name, source, '--confirm']);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/^error: tag latest failed: .*importPolicy\.insecure/mu);
    const stream = await streamNow(name);
    expect(conditionOf(stream, 'latest')).toMatchObject({ reason: 'TLSError' });
    expect(digestsOf(stream, 'latest')).toEqual([]);
  });

  it('manual import into a stream that the annotation makes insecure: no option is needed', async () => {
    const [name, repository] = [`annotated-${id}`, `manual/annotated-${id}`];
    const { digest } = await around.images.publish(repository, 'latest');
    const definition = streamOf(name, {}, { [INSECURE_ANNOTATION]: 'true' });
    await around.tagtrail.client.streams.create(definition);
    await importImage(name, `--from=${at(repository)}`);
    expect(digestsOf(await streamNow(name), 'latest')).toEqual([digest]);
  });

  it('manual import with --insecure=false under the annotation: the annotation counts', async () => {
    const [name, repository] = [`denied-${id}`, `manual/denied-${id}`];
    const { digest } = await around.images.publish(repository, 'latest');
    const definition = streamOf(name, {}, { [INSECURE_ANNOTATION]: 'true' });
    await around.tagtrail.client.streams.create(definition);
    await importImage(name, `--from=${at(repository)}`, '--insecure=false');
    expect(digestsOf(await streamNow(name), 'latest')).toEqual([digest]);
  });

  it('manual import of one tag with --insecure: another tag of the same host stays secure', async () => {
    const [name, repository] = [`mixed-${id}`, `manual/mixed-${id}`];
    const { digest } = await around.images.publish(repository, 'latest');
    const source = `--from=${at(repository)}:latest`;
    await importImage(`${name}:open`, source, '--confirm', '--insecure');
    const failed = await around.attempt(['import-image', `${name}:strict`, source]);
    expect(failed.code).toBe(1);
    const stream = await streamNow(name);
    expect(digestsOf(stream, 'open')).toEqual([digest]);
    expect(digestsOf(stream, 'strict')).toEqual([]);
    expect(conditionOf(stream, 'strict')).toMatchObject({ reason: 'TLSError' });
  });

  it('manual import with --dry-run: the image is shown and nothing is recorded', async () => {
    const [name, repository] = [`dry-${id}`, `manual/dry-${id}`];
    const { digest } = await around.images.publish(repository, 'latest');
    const options = ['--confirm', '--insecure', '--dry-run'];
    const said = await importImage(name, `--from=${at(repository)}`, ...options);
    expect(said).toMatch(`imagestream.image.openshift.io/${name} imported (dry run)\n\n`);
    expect(said).toContain(digest);
    await expect(streamNow(name)).rejects.toMatchObject({ code: 404 });
  });

  it('manual import with --scheduled: the tag is followed from then on', async () => {
    const [name, repository] = [`scheduled-${id}`, `manual/scheduled-${id}`];
    const first = await around.images.publish(repository, 'latest');
    const options = ['--confirm', '--insecure', '--scheduled'];
    await importImage(name, `--from=${at(repository)}`, ...options);
    expect(digestsOf(await streamNow(name), 'latest')).toEqual([first.digest]);
    const second = await around.images.publish(repository, 'latest');
    await around.streamAt(name, 'latest', second.digest);
  });

  it('manual import of an index: Legacy takes one image, PreserveOriginal all of it', async () => {
    const [name, repository] = [`index-${id}`, `manual/index-${id}`];
    const platforms = ['linux/arm64', 'linux/amd64'];
    const push = await around.images.publish(repository, 'latest', { platforms });
    const amd64 = push.children.find(({ platform }) => platform === 'linux/amd64');
    const options = [`--from=${at(repository)}:latest`, '--confirm', '--insecure'];
    await importImage(`${name}:one`, ...options);
    await importImage(`${name}:all`, ...options, '--import-mode=PreserveOriginal');
    const stream = await streamNow(name);
    expect(digestsOf(stream, 'one')).toEqual([amd64?.digest]);
    expect(digestsOf(stream, 'all')).toEqual([push.digest]);
  });

  it('--all: every tag of the repository is imported, and again without being told from where', async () => {
    const [name, repository] = [`all-${id}`, `all/web-${id}`];
    const tags = ['1.0', '1.1', 'latest'];
    const first = await around.images.publishTags(repository, tags);
    const source = `--from=${at(repository)}`;
    const said = await importImage(name, source, '--all', '--confirm', '--insecure');
    expect(said).toMatch(`imagestream.image.openshift.io/${name} imported\n\n`);
    const stream = await streamNow(name);
    for (const { tag, digest } of first) expect(digestsOf(stream, tag)).toEqual([digest]);
    expect(stream.status.tags).toHaveLength(tags.length);

    const second = await around.images.publishTags(repository, tags);
    await importImage(name, '--all');
    const moved = await streamNow(name);
    for (const [index, { tag, digest }] of second.entries()) {
      expect(digestsOf(moved, tag)).toEqual([digest, first[index]?.digest]);
    }
  });
});

describe('a registry with htpasswd', () => {
  /** The same registry by a name for which no credentials are configured. */
  const stranger = () =>
    around.registries.hosts['with htpasswd over TLS'].replace('127.0.0.1', 'localhost');

  it('manual import without credentials: it fails and says so', async () => {
    await around.images.publish('private/web', 'latest');
    const source = `${stranger()}/private/web:latest`;
    const options = [`--from=${source}`, '--confirm', '--insecure'];
    const failed = await around.attempt(['import-image', 'private', ...options]);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain(
      `error: tag latest failed: you may not have access to the container image "${source}"; `,
    );
    expect(conditionOf(await streamNow('private'), 'latest')).toMatchObject({
      reason: 'Unauthorized',
    });
  });

  it('--all without credentials: it fails and says so', async () => {
    await around.images.publish('private/all', 'latest');
    const options = [`--from=${stranger()}/private/all`, '--all', '--confirm', '--insecure'];
    const failed = await around.attempt(['import-image', 'private-all', ...options]);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('credentials');
  });
});
