import type { ImageStream, TagReference } from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import { aStream } from '../testing/a-stream.ts';
import { nameOf, pullCandidates } from './pull-candidates.ts';

const ownHosts = new Set(['localhost:5000']);

/** As the golden examples write them: `!` is insecure. */
const shown = (stream: ImageStream, holders?: ReadonlySet<string>) =>
  pullCandidates(stream, { ownHosts, ...(holders && { holders }) }).map(
    (one) => `${nameOf(one)}${one.insecure ? '!' : ''}`,
  );

const insecure = (name: string): TagReference => ({
  name,
  importPolicy: { insecure: true },
  referencePolicy: { type: 'Source' },
});

describe('where the images of a stream are asked for', () => {
  it("is Docker Hub's library for a bare name", () => {
    expect(shown(aStream({ history: { tag: ['docker.io/busybox'] } }))).toEqual([
      'docker.io/library/busybox',
    ]);
  });

  it('is secure places first, then by name, the newest images before older ones', () => {
    const stream = aStream({
      spec: [insecure('insecure')],
      history: {
        secure: ['example.org/user/app:tag', 'secure.example.org/user/app'],
        insecure: ['registry.example.org/user/app', 'other.org/user/app'],
      },
    });
    expect(shown(stream)).toEqual([
      'example.org/user/app',
      'registry.example.org/user/app!',
      'secure.example.org/user/app',
      'other.org/user/app!',
    ]);
  });

  it('is insecure for the tag that says so alone, where OpenShift widens it to the host', () => {
    const stream = aStream({
      spec: [insecure('insecure')],
      history: {
        secure: ['a.b/c'],
        insecure: ['a.b/app'],
        foo: ['a.b/c/foo'],
        bar: ['other.b/bar'],
        gas: ['a.a/app'],
      },
    });
    expect(shown(stream)).toEqual(['a.a/app', 'a.b/c', 'a.b/c/foo', 'other.b/bar', 'a.b/app!']);
  });

  it('is insecure everywhere when the stream says so', () => {
    const stream = aStream({
      annotations: { 'openshift.io/image.insecureRepository': 'true' },
      history: { secure: ['example.org/user/app:tag', 'example.org/app:tag2'] },
    });
    expect(shown(stream)).toEqual(['example.org/user/app!', 'example.org/app!']);
  });

  it('tries a repository that came through both kinds of tags securely first', () => {
    const stream = aStream({
      spec: [insecure('b')],
      history: { a: ['a.b/c:1'], b: ['a.b/c:2'] },
    });
    expect(shown(stream)).toEqual(['a.b/c', 'a.b/c!']);
  });

  it('is nowhere for a reference that nothing was imported from', () => {
    const stream = aStream({ history: { a: ['a.org/private/app:1'] } });
    const [list] = stream.status.tags ?? [];
    const items = (list?.items ?? []).map((event) => ({ ...event, image: '' }));
    const status = { ...stream.status, tags: [{ tag: 'a', items }] };
    expect(shown({ ...stream, status })).toEqual([]);
  });

  it('is never this registry itself, nor what cannot be read', () => {
    const stream = aStream({ history: { a: ['localhost:5000/demo/app:1', 'UPPER CASE'] } });
    expect(shown(stream)).toEqual([]);
  });

  it('begins with where the image came from that holds what is wanted', () => {
    const stream = aStream({ history: { a: ['a.org/a'], z: ['z.org/z', 'y.org/y'] } });
    const holder = stream.status.tags?.[1]?.items?.[1]?.image ?? '';
    expect(shown(stream, new Set([holder]))).toEqual(['y.org/y', 'a.org/a', 'z.org/z']);
  });

  it('is 32 places at most', () => {
    const places = Array.from({ length: 50 }, (_, index) => `a${index}.org/app`);
    expect(shown(aStream({ history: { a: places } }))).toHaveLength(32);
  });
});
