import { describe, expect, it } from 'vitest';
import { COPIED_STREAMS_LIMIT, copiedStreams } from './copy-tags.ts';
import type { ImageStream, NamedTagEventList, TagReference } from './image-stream.ts';
import type { StreamChange } from './image-stream-store.ts';
import { aStream, aTag, D1, D2, SETTINGS, T1 } from './testing/a-stream.ts';
import { createImageStream, replaceImageStream, type StreamWrite } from './write-image-stream.ts';

const event = (image: string, dockerImageReference = `quay.io/acme/lib@${image}`) => ({
  created: '2026-01-01T10:00:00Z',
  dockerImageReference,
  image,
  generation: 1,
});
const copied = (image: string, generation: number) => ({
  ...event(image),
  created: '2026-01-01T10:01:00Z',
  generation,
});
const lib = (status: readonly NamedTagEventList[] = [{ tag: 'v1', items: [event(D1)] }]) =>
  aStream({ name: 'lib', tags: [], status });
const copy = (name: string, kind: string, source: string, fields: Partial<TagReference> = {}) =>
  aTag({ name, from: { kind, name: source }, generation: null, ...fields });
const context = { now: T1, uid: 'u-9', settings: SETTINGS };

const create = (tags: readonly TagReference[], sources: readonly ImageStream[]) =>
  createImageStream(aStream({ tags }), { ...context, sources });
const replace = (
  current: ImageStream,
  tags: readonly TagReference[],
  sources: readonly ImageStream[] = [],
) => {
  const input = { ...current, spec: { ...current.spec, tags } };
  return replaceImageStream(current, input, { ...context, sources, checks: new Map() });
};

function accepted(write: StreamWrite): StreamChange & { after: ImageStream } {
  if (!write.ok) throw new Error(JSON.stringify(write.causes));
  if (write.change.after === undefined) throw new Error('no stream after the write');
  return { ...write.change, after: write.change.after };
}

const causesOf = (write: StreamWrite) => (write.ok ? [] : write.causes);
const pointers = ({ after }: { after: ImageStream }) =>
  after.status.tags?.map(({ tag, items }) => [tag, items?.[0]?.image]);

describe('a tag set through its stream', () => {
  it('points at once to the image that a tag of another stream has', () => {
    const change = accepted(create([copy('prod', 'ImageStreamTag', 'lib:v1')], [lib()]));
    expect(change.after.status.tags).toEqual([{ tag: 'prod', items: [copied(D1, 1)] }]);
    expect(change.history).toEqual([{ tag: 'prod', kind: 'append', event: copied(D1, 1) }]);
    expect(change.after.spec.tags).toMatchObject([{ generation: 1 }]);
    expect(change.checks).toEqual([]);
  });

  it('points to an image of another stream by the beginning of its digest', () => {
    const change = accepted(create([copy('prod', 'ImageStreamImage', 'lib@1111')], [lib()]));
    expect(pointers(change)).toEqual([['prod', D1]]);
  });

  it('takes the stream of the namespace that it names', () => {
    const from = { kind: 'ImageStreamTag', name: 'lib:v1', namespace: 'tools' };
    const there = aStream({
      name: 'lib',
      namespace: 'tools',
      tags: [],
      status: [{ tag: 'v1', items: [event(D2)] }],
    });
    const change = accepted(create([copy('prod', '', '', { from })], [lib(), there]));
    expect(pointers(change)).toEqual([['prod', D2]]);
  });

  it('is stored without an image while its source tag has none', () => {
    const tags = [copy('prod', 'ImageStreamTag', 'lib:v2'), copy('own', 'ImageStreamTag', 'v3')];
    const change = accepted(create(tags, [lib()]));
    expect(change.after.status.tags).toBeUndefined();
    expect(change.history).toEqual([]);
  });

  it('takes what another tag of the same write just got, whatever their order', () => {
    const tags = [
      copy('a', 'ImageStreamTag', 'b'),
      copy('b', 'ImageStreamTag', 'app:c'),
      copy('c', 'ImageStreamTag', 'lib:v1'),
    ];
    const change = accepted(create(tags, [lib()]));
    expect(pointers(change)).toEqual([
      ['a', D1],
      ['b', D1],
      ['c', D1],
    ]);
    expect(change.history).toHaveLength(3);
  });

  it('has one new stay when its source moves in the same write', () => {
    const current = aStream({
      tags: [aTag({ name: 'c' })],
      status: [{ tag: 'c', items: [event(D2)] }],
    });
    const tags = [copy('a', 'ImageStreamTag', 'c'), copy('c', 'ImageStreamTag', 'lib:v1')];
    const change = accepted(replace(current, tags, [lib()]));
    expect(change.after.status.tags).toMatchObject([
      { tag: 'a', items: [{ image: D1, generation: 2 }] },
      { tag: 'c', items: [{ image: D1 }, { image: D2 }] },
    ]);
  });

  it('points to an image that its own stream has, or had', () => {
    const current = aStream({ status: [{ tag: 'latest', items: [event(D2), event(D1)] }] });
    const tags = [aTag(), copy('old', 'ImageStreamImage', `app@${D1}`)];
    const change = accepted(replace(current, tags));
    expect(change.after.status.tags?.[1]).toEqual({ tag: 'old', items: [copied(D1, 2)] });
    expect(change.after.spec.tags?.map(({ generation }) => generation)).toEqual([1, 2]);
  });

  it('copies again for generation 0 and for another source only', () => {
    const first = accepted(create([copy('prod', 'ImageStreamTag', 'lib:v1')], [lib()])).after;
    const moved = lib([{ tag: 'v1', items: [event(D2)] }]);
    const again = (fields: Partial<TagReference>) =>
      replace(first, [copy('prod', 'ImageStreamTag', 'lib:v1', fields)], [moved]);
    expect(accepted(again({})).recordUnchanged).toBe(true);
    expect(pointers(accepted(again({ annotations: { a: 'b' } })))).toEqual([['prod', D1]]);
    expect(pointers(accepted(again({ generation: 0 })))).toEqual([['prod', D2]]);
    const sameFrom = { kind: 'ImageStreamTag', name: 'lib:v1', namespace: 'acme' };
    expect(pointers(accepted(again({ from: sameFrom })))).toEqual([['prod', D1]]);
  });

  it.each([
    ['ImageStreamTag', 'gone:v1', 'FieldValueNotFound', 'Not found: "acme/gone"'],
    ['ImageStreamImage', 'gone@1', 'FieldValueNotFound', 'Not found: "acme/gone"'],
    ['ImageStreamImage', 'lib@ff', 'FieldValueNotFound', 'Not found: "lib@ff"'],
    ['ImageStreamImage', D2, 'FieldValueNotFound', `Not found: "${D2}"`],
    [
      'ImageStreamImage',
      'lib@sha',
      'FieldValueInvalid',
      `Invalid value: "lib@sha": multiple images match the prefix "sha": ${D1}, ${D2}`,
    ],
  ])('of kind %s is refused for the source %s', (kind, source, reason, message) => {
    const sources = [lib([{ tag: 'v1', items: [event(D2), event(D1)] }])];
    expect(causesOf(create([copy('prod', kind, source)], sources))).toEqual([
      { reason, field: 'spec.tags[prod].from.name', message },
    ]);
  });

  it('may stay as it is when its source is gone', () => {
    const first = accepted(create([copy('prod', 'ImageStreamTag', 'lib:v1')], [lib()])).after;
    const tags = [copy('prod', 'ImageStreamTag', 'lib:v1'), aTag()];
    expect(pointers(accepted(replace(first, tags)))).toEqual([['prod', D1]]);
  });
});

describe('an image that our own registry serves', () => {
  const REPOSITORY = 'registry.example.com:5000/acme/lib';
  const served = (reference: string, repository = REPOSITORY, fields = {}): ImageStream => {
    const stream = lib([{ tag: 'v1', items: [event(D1, reference)] }]);
    const spec = { ...stream.spec, ...fields };
    return { ...stream, spec, status: { ...stream.status, dockerImageRepository: repository } };
  };
  const reference = (source: ImageStream, fields: Partial<TagReference> = {}) => {
    const tag = copy('prod', 'ImageStreamTag', 'lib:v1', fields);
    return accepted(create([tag], [source])).after.status.tags?.[0]?.items?.[0]
      ?.dockerImageReference;
  };

  it('is served to readers of the copy as an image of their stream', () => {
    const moved = `registry.example.com:5000/acme/app@${D1}`;
    expect(reference(served(`${REPOSITORY}@${D1}`))).toBe(moved);
    expect(reference(served(`${REPOSITORY}:v1@${D1}`))).toBe(moved);
  });

  it.each([
    ['another host', `quay.io/acme/lib@${D1}`],
    ['another stream', `registry.example.com:5000/acme/other@${D1}`],
    ['the Docker Hub', `acme/lib@${D1}`],
  ])('is not one of %s: that is copied as it is', (_, text) => {
    expect(reference(served(text))).toBe(text);
  });

  it('is copied as it is for a reference', () => {
    const text = `${REPOSITORY}@${D1}`;
    expect(reference(served(text), { reference: true })).toBe(text);
  });

  it('is not one of the repository that the stream follows, which has the same name elsewhere', () => {
    const followed = 'quay.io/acme/lib';
    const source = served(`${followed}@${D1}`, followed, { dockerImageRepository: followed });
    expect(reference(source)).toBe(`${followed}@${D1}`);
  });
});

describe('copiedStreams', () => {
  const streams = (count: number) =>
    Array.from({ length: count }, (_, at) => copy(`t${at}`, 'ImageStreamTag', `lib${at}:v1`));

  it('are those of new and changed tags, each once, and never the stream itself', () => {
    const stored = copy('stored', 'ImageStreamTag', 'stored:v1', { generation: 1 });
    const edited = copy('edited', 'ImageStreamTag', 'before:v1', { generation: 1 });
    const tags = [
      stored,
      copy('edited', 'ImageStreamTag', 'lib:v1'),
      copy('twice', 'ImageStreamImage', 'lib@1111'),
      copy('own', 'ImageStreamTag', 'latest'),
      copy('broken', 'ImageStreamTag', 'a:b:c'),
      copy('far', 'ImageStreamTag', '', {
        from: { kind: 'ImageStreamTag', name: 'app:v1', namespace: 'tools' },
      }),
      aTag(),
    ];
    expect(copiedStreams(aStream({ tags: [stored, edited] }), aStream({ tags }))).toEqual([
      { namespace: 'acme', name: 'lib' },
      { namespace: 'tools', name: 'app' },
    ]);
  });

  it('are bounded, and so is the write that needs them', () => {
    const many = streams(COPIED_STREAMS_LIMIT + 1);
    expect(copiedStreams(undefined, aStream({ tags: many }))).toHaveLength(COPIED_STREAMS_LIMIT);
    expect(causesOf(create(many, []))).toEqual([
      {
        reason: 'FieldValueInvalid',
        field: 'spec.tags',
        message: 'Invalid value: 101: at most 100 other streams can be copied from at once',
      },
    ]);
    const sources = streams(COPIED_STREAMS_LIMIT).map((_, at) =>
      aStream({ name: `lib${at}`, tags: [] }),
    );
    expect(create(streams(COPIED_STREAMS_LIMIT), sources).ok).toBe(true);
  });
});
