import { describe, expect, it } from 'vitest';
import type { TagEvent } from './image-stream.ts';
import { resolvePullSpec } from './resolve-pull-spec.ts';
import { aStream, aTag, D1 } from './testing/a-stream.ts';

type Policy = 'Source' | 'Local';
const event = (dockerImageReference: string, image: string, generation = 1): TagEvent => ({
  created: '',
  dockerImageReference,
  image,
  generation,
});

function stream(options: {
  policy: Policy;
  repository?: string;
  item?: TagEvent;
  name?: string;
  from?: string;
  generation?: number;
}) {
  const { policy, repository = '', item, name = 'latest', from = 'q', generation = 1 } = options;
  const tag = aTag({
    name,
    generation,
    from: { kind: 'DockerImage', name: from },
    referencePolicy: { type: policy },
  });
  const status = item === undefined ? [] : [{ tag: name, items: [item] }];
  const base = aStream({ tags: [tag], status });
  return { ...base, status: { ...base.status, dockerImageRepository: repository } };
}

describe('G13 pull spec', () => {
  it.each([
    { policy: 'Source', repository: 'r/a/b', item: event('latest-ref', D1), resolve: 'latest-ref' },
    { policy: 'Local', repository: '', item: event('latest-ref', D1), resolve: 'latest-ref' },
    {
      policy: 'Local',
      repository: 'test.server/a/b',
      item: event('latest-ref', ''),
      resolve: 'latest-ref',
    },
    {
      policy: 'Local',
      repository: 'test.server/a/b',
      item: event('x', D1),
      resolve: `test.server/a/b@${D1}`,
    },
  ] as const)('$policy with "$repository" gives $resolve', ({ resolve, ...options }) => {
    expect(resolvePullSpec(stream(options), 'latest')).toMatchObject({
      ok: true,
      pullSpec: resolve,
    });
  });

  it('takes an empty tag for latest', () => {
    const one = stream({ policy: 'Source', item: event('latest-ref', D1) });
    expect(resolvePullSpec(one, '')).toEqual(resolvePullSpec(one, 'latest'));
  });

  it('serves the last known good while a newer definition waits, and says so', () => {
    const from = 'quay.io/test/first:tag';
    const one = stream({ policy: 'Source', from, generation: 5, item: event('old', D1, 4) });
    expect(resolvePullSpec(one, 'latest')).toEqual({
      ok: true,
      pullSpec: 'old',
      hasNewer: true,
      isEmpty: false,
    });
  });

  it('takes the source as written while nothing was imported', () => {
    expect(resolvePullSpec(stream({ policy: 'Source' }), 'latest')).toMatchObject({
      ok: true,
      pullSpec: 'q',
    });
  });

  it('names where a local tag will be while nothing was imported', () => {
    const repository = 'registry.test.svc/test/stream1';
    expect(resolvePullSpec(stream({ policy: 'Local', repository, name: '1' }), '1')).toEqual({
      ok: true,
      pullSpec: `${repository}:1`,
      hasNewer: false,
      isEmpty: true,
    });
    expect(resolvePullSpec(stream({ policy: 'Local' }), 'latest')).toEqual({
      ok: false,
      message: 'no image repository has been set on the image stream status',
    });
  });
});
