import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestsOf } from './definitions.ts';
import { streamOf } from './registry-definitions.ts';
import { REGISTRY_KINDS } from './registry-programs.ts';
import { NAMESPACE, openSurroundings, type RegistrySurroundings } from './registry-surroundings.ts';

let around: RegistrySurroundings;

beforeAll(async () => {
  around = await openSurroundings({ TAGTRAIL_SCHEDULE_DEFAULT_INTERVAL: '1s' });
});
afterAll(() => around?.[Symbol.asyncDispose]());

describe.each(REGISTRY_KINDS)('a registry %s', (kind) => {
  /** Streams and repositories of one registry do not meet those of the next. */
  const id = REGISTRY_KINDS.indexOf(kind);
  const pullSpec = (repository: string) => `${around.registries.hosts[kind]}/${repository}:latest`;
  const push = async (repository: string) =>
    (await around.images.publish(repository, 'latest')).digest;

  it('importPolicy.scheduled: true follows the tag as it moves; without it the first image stays', async () => {
    const [name, repository] = [`policy-${id}`, `policy/web-${id}`];
    const first = await push(repository);
    const source = { from: pullSpec(repository), insecure: true };
    const tags = { followed: { ...source, scheduled: true }, kept: source };
    await around.tagtrail.client.streams.create(streamOf(name, tags));
    await around.streamAt(name, 'kept', first);
    await around.streamAt(name, 'followed', first);
    const second = await push(repository);
    await around.streamAt(name, 'followed', second);
    const third = await push(repository);
    const stream = await around.streamAt(name, 'followed', third);
    expect(digestsOf(stream, 'followed')).toEqual([third, second, first]);
    expect(digestsOf(stream, 'kept')).toEqual([first]);
  });

  it('tag --scheduled=true follows the tag as it moves', async () => {
    const [name, repository] = [`command-${id}`, `command/web-${id}`];
    const first = await push(repository);
    const source = pullSpec(repository);
    const options = ['--scheduled=true', '--insecure=true'];
    const said = await around.run(['tag', ...options, source, `${name}:latest`]);
    expect(said).toBe(`Tag ${name}:latest set to import ${source} periodically.\n`);
    const created = await around.streamAt(name, 'latest', first);
    expect(created.spec.tags?.[0]?.importPolicy.scheduled).toBe(true);
    const second = await push(repository);
    const moved = await around.streamAt(name, 'latest', second);
    expect(digestsOf(moved, 'latest')).toEqual([second, first]);
  });

  it('tag --scheduled=false imports once', async () => {
    const [name, repository] = [`once-${id}`, `command/once-${id}`];
    const first = await push(repository);
    const options = ['--scheduled=false', '--insecure=true'];
    await around.run(['tag', ...options, pullSpec(repository), `${name}:latest`]);
    await around.streamAt(name, 'latest', first);
    const key = { namespace: NAMESPACE, name };
    const { tags } = await around.tagtrail.client.checks.get(key);
    expect(tags).toMatchObject([{ tag: 'latest', outcome: 'imported', nextDue: null }]);
  });
});
