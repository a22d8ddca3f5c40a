import { describe, expect, it } from 'vitest';
import { forbiddenSources } from './forbidden-sources.ts';
import type { ImageStream, TagReference } from './image-stream.ts';

const POLICY = { allowed: ['quay.io'], blocked: [] };

function stream(
  tags: Readonly<Record<string, string>>,
  fields: { readonly repository?: string; readonly insecure?: true } = {},
): ImageStream {
  const { repository, insecure } = fields;
  return {
    kind: 'ImageStream',
    apiVersion: 'image.openshift.io/v1',
    metadata: {
      name: 'web',
      namespace: 'shop',
      annotations: insecure ? { 'openshift.io/image.insecureRepository': 'true' } : {},
    },
    spec: {
      ...(repository !== undefined && { dockerImageRepository: repository }),
      tags: Object.entries(tags).map(
        ([name, from]): TagReference => ({
          name,
          from: { kind: 'DockerImage', name: from },
          importPolicy: {},
          referencePolicy: { type: 'Source' },
        }),
      ),
    },
    status: { dockerImageRepository: '' },
  };
}

const fields = (current: ImageStream | undefined, wanted: ImageStream) =>
  forbiddenSources(current, wanted, POLICY).map(({ field }) => field);

describe('sources that a rule refuses', () => {
  it('are refused in what is new, and stay where they were before the rule', () => {
    const current = stream({ old: 'redis:7' }, { repository: 'docker.io/library/redis' });
    const wanted = stream(
      { old: 'redis:7', moved: 'redis:7', new: 'redis:8', fine: 'quay.io/a/b:1' },
      { repository: 'docker.io/library/redis' },
    );
    expect(fields(undefined, wanted)).toEqual([
      'spec.dockerImageRepository',
      'spec.tags[old].from.name',
      'spec.tags[moved].from.name',
      'spec.tags[new].from.name',
    ]);
    expect(fields(current, wanted)).toEqual(['spec.tags[new].from.name']);
  });

  it('are judged at the port at which they would be asked', () => {
    expect(fields(undefined, stream({ a: 'quay.io/a/b:1' }))).toEqual([]);
    expect(fields(undefined, stream({ a: 'quay.io/a/b:1' }, { insecure: true }))).toEqual([
      'spec.tags[a].from.name',
    ]);
  });
});
