import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followTags } from './follow-tags.ts';
import type { ImageStream, NamedTagEventList, TagEvent } from './image-stream.ts';
import { created, imported, look, record } from './testing/a-record.ts';
import { aStream, aTag, D1, D2, T0, T1 } from './testing/a-stream.ts';
import { replaceImageStream } from './write-image-stream.ts';

const D3 = `sha256:${'3'.repeat(64)}`;
const NOW = '2026-01-01T10:01:00Z';
const context = { now: T1, historyLimit: 50 };

const event = (image: string, generation = 1, created = '2026-01-01T10:00:00Z'): TagEvent => ({
  created,
  dockerImageReference: `quay.io/acme/app@${image}`,
  image,
  generation,
});
const at = (tag: string, ...items: TagEvent[]): NamedTagEventList => ({ tag, items });
const follows = (name: string, source: string, from: object = {}) =>
  aTag({ name, from: { kind: 'ImageStreamTag', name: source, ...from } });

function aFollowed(tags: ImageStream['spec']['tags'], status: readonly NamedTagEventList[]) {
  return aStream({ generation: 2, ...(tags && { tags }), status });
}

const images = ({ status }: ImageStream) =>
  Object.fromEntries(
    (status.tags ?? []).map(({ tag, items }) => [tag, items?.map(({ image }) => image) ?? null]),
  );

/** `other` moves from the first to the second image. */
function move(tags: ImageStream['spec']['tags'], status: readonly NamedTagEventList[] = []) {
  const before = aFollowed(tags, [at('other', event(D1)), ...status]);
  const after = aFollowed(tags, [at('other', event(D2, 2, NOW), event(D1)), ...status]);
  return followTags(before, after, context);
}

describe('G15 tag tracking', () => {
  it('lets t2 follow t1 to the image that t1 is pointed to', () => {
    const tags = [follows('t1', 'app:other'), follows('t2', 'app:t1')];
    const status = [at('other', event(D1), event(D2)), at('t1', event(D1)), at('t2', event(D1))];
    const current = aStream({ tags, status });
    const edited = aTag({ name: 't1', from: { kind: 'ImageStreamImage', name: `app@${D2}` } });
    const input = {
      ...current,
      spec: { ...current.spec, tags: [edited, follows('t2', 'app:t1')] },
    };
    const settings = { defaultInterval: 1, minimumInterval: 1, hostIntervals: {}, retryBase: 1 };
    const write = replaceImageStream(current, input, {
      now: T1,
      uid: '',
      settings,
      checks: new Map(),
    });
    if (!write.ok || write.change.after === undefined) throw new Error(JSON.stringify(write));
    const { after, history } = write.change;
    expect(images(after)).toEqual({ other: [D1, D2], t1: [D2, D1], t2: [D2, D1] });
    expect(history.map(({ tag, kind }) => [tag, kind])).toEqual([
      ['t1', 'append'],
      ['t2', 'append'],
    ]);
    expect(after.spec.tags?.map(({ name, generation }) => [name, generation])).toEqual([
      ['t1', 2],
      ['t2', 1],
    ]);
    expect(after.status.tags?.map(({ items }) => items?.[0]?.generation)).toEqual([1, 2, 2]);
  });
});

describe('followTags', () => {
  it('gives a follower the event of its source, in the object and in the whole history', () => {
    const { stream, history } = move([follows('t1', 'other')], [at('t1', event(D1))]);
    expect(stream.status.tags).toEqual([
      at('other', event(D2, 2, NOW), event(D1)),
      at('t1', event(D2, 2, NOW), event(D1)),
    ]);
    expect(history).toEqual([{ tag: 't1', kind: 'append', event: event(D2, 2, NOW) }]);
  });

  it('keeps the generation of the definition, which nobody changed', () => {
    const { stream } = move([follows('t1', 'other')]);
    expect(stream.spec.tags?.[0]?.generation).toBe(1);
    expect(stream.metadata.generation).toBe(2);
  });

  it.each([
    ['its tag alone', 'other', {}],
    ['the stream and the tag', 'app:other', {}],
    ['the namespace, too', 'app:other', { namespace: 'acme' }],
  ])('follows a source named by %s', (_, source, from) => {
    expect(images(move([follows('t1', source, from)]).stream)).toMatchObject({ t1: [D2] });
  });

  it.each([
    ['another stream', 'web:other', {}],
    ['another namespace', 'app:other', { namespace: 'tools' }],
    ['another tag', 'app:others', {}],
    ['nothing that can be read', 'app:other:x', {}],
    ['an image', `app@${D1}`, { kind: 'ImageStreamImage' }],
    ['an image to import', 'other', { kind: 'DockerImage' }],
  ])('does not follow %s', (_, source, from) => {
    const { stream, history } = move([follows('t1', source, from)]);
    expect(images(stream)).toEqual({ other: [D2, D1] });
    expect(history).toEqual([]);
  });

  it('follows for a reference, too: that concerns how images of other streams are spelled', () => {
    const tag = { ...follows('t1', 'other'), reference: true };
    expect(images(move([tag]).stream)).toMatchObject({ t1: [D2] });
  });

  it('goes down chains of any order and length', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `t${(index * 7) % 1000}`);
    const tags = names.map((name) => {
      const index = Number(name.slice(1));
      return follows(name, index === 0 ? 'other' : `t${index - 1}`);
    });
    const { stream, history } = move(tags);
    expect(new Set(history.map(({ tag }) => tag)).size).toBe(1000);
    expect(history).toHaveLength(1000);
    expect(images(stream)).toMatchObject({ t0: [D2], t999: [D2] });
  });

  it('lets every follower of a tag follow', () => {
    const tags = [follows('a', 'other'), follows('b', 'other'), follows('c', 'b')];
    expect(images(move(tags).stream)).toMatchObject({ a: [D2], b: [D2], c: [D2] });
  });

  it('amends the stay of a follower that is at the image already', () => {
    const { stream, history } = move([follows('t1', 'other')], [at('t1', event(D2))]);
    expect(stream.status.tags?.[1]).toEqual(at('t1', event(D2, 2)));
    expect(history).toMatchObject([{ tag: 't1', kind: 'amend' }]);
  });

  it('ends the failure of a tag that was imported before it followed', () => {
    const failed = {
      tag: 't1',
      items: null,
      conditions: [
        {
          type: 'ImportSuccess' as const,
          status: 'False' as const,
          lastTransitionTime: NOW,
          reason: 'NotFound',
          message: '',
          generation: 1,
        },
      ],
    };
    expect(move([follows('t1', 'other')], [failed]).stream.status.tags).toMatchObject([
      { tag: 'other' },
      { tag: 't1', items: [{ image: D2 }] },
    ]);
    expect(move([follows('t1', 'other')], [failed]).stream.status.tags?.[1]).not.toHaveProperty(
      'conditions',
    );
  });

  it('keeps as many events in the object as it is told', () => {
    const before = aFollowed([follows('t1', 'other')], [at('t1', event(D1), event(D3))]);
    const after = {
      ...before,
      status: {
        ...before.status,
        tags: [at('other', event(D2, 2, NOW)), ...(before.status.tags ?? [])],
      },
    };
    const { stream } = followTags(before, after, { now: T1, historyLimit: 2 });
    expect(images(stream)).toMatchObject({ t1: [D2, D1] });
  });

  it('answers the stream itself when no followed tag moved', () => {
    const stream = aFollowed(
      [follows('t1', 'other')],
      [at('other', event(D1)), at('t1', event(D3))],
    );
    expect(followTags(stream, stream, context)).toEqual({ stream, history: [] });
    expect(followTags(stream, stream, context).stream).toBe(stream);
  });

  it('takes every tag of a new stream for one that moved', () => {
    const stream = aFollowed([follows('t1', 'other')], [at('other', event(D1))]);
    expect(images(followTags(undefined, stream, context).stream)).toMatchObject({ t1: [D1] });
  });

  it('does not follow a tag that is gone', () => {
    const tags = [follows('t1', 'other')];
    const before = aFollowed(tags, [at('other', event(D1)), at('t1', event(D1))]);
    const after = aFollowed(tags, [at('t1', event(D1))]);
    expect(followTags(before, after, context).history).toEqual([]);
  });

  it('follows again to the same result: nothing more', () => {
    const { stream } = move([follows('t1', 'other'), follows('t2', 't1')]);
    const before = aFollowed(stream.spec.tags, [at('other', event(D1))]);
    expect(followTags(before, stream, context).history).toEqual([]);
  });
});

describe('an import of a followed tag', () => {
  it('takes the followers along in its commit, and once', () => {
    const tags = [aTag(), follows('prod', 'stage'), follows('stage', 'latest')];
    const start = { ...created(), stream: aStream({ tags }) };
    const first = record(start, [look(1, imported(D1))], T1);
    expect(images(first.stream)).toEqual({ latest: [D1], prod: [D1], stage: [D1] });
    expect(first.history.map(({ tag }) => tag)).toEqual(['latest', 'stage', 'prod']);
    expect(first.stream.spec.tags?.map(({ generation }) => generation)).toEqual([2, 1, 1]);
    expect(record(first, [look(1, imported(D1))], T1).changed).toBe(false);
    const second = record(first, [look(2, imported(D2))], T1);
    expect(images(second.stream)).toEqual({ latest: [D2, D1], prod: [D2, D1], stage: [D2, D1] });
  });
});

describe('tags that follow each other in a circle', () => {
  const circle = (...names: string[]) =>
    names.map((name, index) => follows(name, names[(index + 1) % names.length] ?? name));

  it.each([[['a']], [['a', 'b']], [['a', 'b', 'c']], [['c', 'a', 'b', 'd']]])(
    '%j all end at the image that one of them is set to',
    (names) => {
      const tags = circle(...names);
      for (const moved of names) {
        const old = names.map((name) => at(name, event(D1)));
        const now = names.map((name) =>
          at(name, ...(name === moved ? [event(D2, 2, NOW)] : []), event(D1)),
        );
        const { stream } = followTags(aFollowed(tags, old), aFollowed(tags, now), context);
        expect(Object.values(images(stream)).map((list) => list?.[0])).toEqual(names.map(() => D2));
      }
    },
  );

  it('end at one image when two of them are set to different ones', () => {
    const names = ['a', 'b', 'c', 'd'];
    const set: Readonly<Record<string, string>> = { a: D2, c: D3 };
    const tags = circle(...names);
    const old = names.map((name) => at(name, event(D1)));
    const now = names.map((name) => at(name, event(set[name] ?? D1, set[name] ? 2 : 1), event(D1)));
    const { stream } = followTags(aFollowed(tags, old), aFollowed(tags, now), {
      ...context,
      now: T0,
    });
    expect(new Set(Object.values(images(stream)).map((list) => list?.[0])).size).toBe(1);
  });
});

describe('tags that follow each other in any way', () => {
  const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
  const source = fc.option(fc.constantFrom(...NAMES), { nil: undefined });
  const graph = fc.record(Object.fromEntries(NAMES.map((name) => [name, source])));
  const head = fc.option(fc.constantFrom(D1, D2, D3), { nil: undefined });
  const heads = fc.record(Object.fromEntries(NAMES.map((name) => [name, head])));
  const some = fc.subarray(NAMES);

  it('are where their sources are after one call, and a second changes nothing', () => {
    fc.assert(
      fc.property(graph, heads, fc.record({ moved: some, fresh: some }), (sources, old, names) => {
        const tags = NAMES.map((name) => follows(name, sources[name] ?? 'absent'));
        const stay = (name: string) => {
          const image = old[name];
          return image === undefined ? [] : [at(name, event(image))];
        };
        const step = (name: string) =>
          names.moved.includes(name)
            ? [at(name, event(`sha256:new-${name}`, 2, NOW), ...(stay(name)[0]?.items ?? []))]
            : stay(name);
        const before = aFollowed(tags, NAMES.flatMap(stay));
        const after = aFollowed(tags, NAMES.flatMap(step));
        const options = { ...context, fresh: new Set(names.fresh) };
        const { stream } = followTags(before, after, options);
        expect(followTags(before, stream, options).history).toEqual([]);
        const now = images(stream);
        for (const name of NAMES) {
          const followed = sources[name] ?? 'absent';
          const isTaken = names.fresh.includes(name) && now[followed] !== undefined;
          const hasMoved = now[followed]?.[0] !== old[followed];
          if (isTaken || hasMoved) expect(now[name]?.[0]).toBe(now[followed]?.[0]);
        }
      }),
    );
  });
});
