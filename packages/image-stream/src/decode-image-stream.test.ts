import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeImageStream } from './decode-image-stream.ts';

const decode = (body: unknown) => {
  const decoded = decodeImageStream(body);
  return decoded.ok ? decoded.stream : decoded.causes.map(({ field }) => field);
};
const app = { name: 'latest', from: { kind: 'DockerImage', name: 'quay.io/acme/app' } };

describe('decodeImageStream', () => {
  it('applies the defaults', () => {
    expect(decode({ metadata: { name: 'app' }, spec: { tags: [app] } })).toEqual({
      kind: 'ImageStream',
      apiVersion: 'image.openshift.io/v1',
      metadata: { name: 'app' },
      spec: {
        lookupPolicy: { local: false },
        tags: [
          {
            ...app,
            annotations: null,
            importPolicy: { importMode: 'Legacy' },
            referencePolicy: { type: 'Source' },
          },
        ],
      },
      status: { dockerImageRepository: '' },
    });
  });

  it('takes apiVersion v1 of the 3.x documentation and refuses other kinds and versions', () => {
    expect(decode({ apiVersion: 'v1', kind: 'ImageStream' })).toHaveProperty(
      'apiVersion',
      'image.openshift.io/v1',
    );
    expect(decode({ apiVersion: 'apps/v1', kind: 'Deployment' })).toEqual(['kind', 'apiVersion']);
  });

  it('drops status and unknown fields', () => {
    const stream = decode({
      metadata: { name: 'app', managedFields: [] },
      spec: { colour: 'red' },
      status: { tags: [{ tag: 'x' }], dockerImageRepository: 'r' },
    });
    expect(stream).toMatchObject({ status: { dockerImageRepository: '' } });
    expect(JSON.stringify(stream)).not.toMatch(/managedFields|colour/);
  });

  it('takes null for absent', () => {
    const tag = { name: 'a', from: null, annotations: null, generation: null, importPolicy: null };
    expect(decode({ metadata: null, spec: { tags: [tag], lookupPolicy: null } })).toMatchObject({
      spec: { tags: [{ name: 'a', annotations: null, importPolicy: { importMode: 'Legacy' } }] },
    });
  });

  it('keeps the tags in order of names, and of two namesakes the last', () => {
    const tags = [app, { name: 'b' }, { name: 'a' }, { ...app, reference: true }];
    expect(decode({ spec: { tags } })).toMatchObject({
      spec: { tags: [{ name: 'a' }, { name: 'b' }, { name: 'latest', reference: true }] },
    });
  });

  it('names every field that has the wrong type, with its path', () => {
    const tag = {
      name: 7,
      from: 'quay.io/acme/app',
      reference: 'yes',
      generation: 1.5,
      annotations: { a: 1 },
      importPolicy: { scheduled: 'true', importMode: 'Fast' },
      referencePolicy: { type: 'Remote' },
    };
    expect(decode({ metadata: { labels: [] }, spec: { tags: [tag] } })).toEqual([
      'metadata.labels',
      'spec.tags[0].name',
      'spec.tags[0].annotations[a]',
      'spec.tags[0].from',
      'spec.tags[0].reference',
      'spec.tags[0].generation',
      'spec.tags[0].importPolicy.importMode',
      'spec.tags[0].importPolicy.scheduled',
      'spec.tags[0].referencePolicy.type',
    ]);
  });

  it('answers anything at all', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (value, tag) => {
        decodeImageStream(value);
        decodeImageStream({ metadata: value, spec: { tags: [tag, value] } });
      }),
    );
  });

  it('reads its own answer to the same', () => {
    const stream = decode({
      metadata: { name: 'app', namespace: 'n', labels: { a: 'b' }, annotations: { c: '' } },
      spec: { dockerImageRepository: 'quay.io/acme/app', tags: [app] },
    });
    expect(decode(stream)).toEqual(stream);
  });
});
