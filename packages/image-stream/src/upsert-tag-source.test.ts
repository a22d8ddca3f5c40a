import { describe, expect, it } from 'vitest';
import { aStream, aTag, D1, D2 } from './testing/a-stream.ts';
import { findTagSource, parseTagSource, type TagSource } from './upsert-tag-source.ts';

const own = { namespace: 'acme', name: 'app' };
const field = 'spec.tags[latest].from.name';

const parse = (kind: string, name: string, namespace?: string) =>
  parseTagSource(aTag({ from: { kind, name, ...(namespace && { namespace }) } }), own);

describe('parseTagSource', () => {
  it.each([
    ['ImageStreamTag', 'v1', 'app', 'tag', 'v1'],
    ['ImageStreamTag', 'other:v1', 'other', 'tag', 'v1'],
    ['ImageStreamImage', D1, 'app', 'image', D1],
    ['ImageStreamImage', `other@${D1}`, 'other', 'image', D1],
  ])('reads a source of kind %s named %s', (kind, text, name, wanted, part) => {
    const key = { namespace: 'acme', name };
    const isOwn = name === 'app';
    const source = { key, isOwn, kind: wanted, name: part, field, written: text };
    expect(parse(kind, text)).toEqual({ ok: true, source });
  });

  it('looks in the namespace that is given', () => {
    expect(parse('ImageStreamTag', 'other:v1', 'tools')).toMatchObject({
      source: { key: { namespace: 'tools', name: 'other' } },
    });
    expect(parse('ImageStreamTag', 'app:v1', 'acme')).toMatchObject({ source: { isOwn: true } });
    expect(parse('ImageStreamTag', 'v1', 'tools')).toMatchObject({ source: { isOwn: false } });
  });

  it('has no source for what is imported or pushed', () => {
    expect(parse('DockerImage', 'quay.io/acme/app')).toEqual({ ok: true, source: undefined });
    expect(parseTagSource(aTag({ from: null }), own)).toEqual({ ok: true, source: undefined });
  });

  it.each(['a:b:c', ':v1', 'a:', ''])('refuses the form of %j', (name) => {
    expect(parse('ImageStreamTag', name)).toMatchObject({ ok: false, cause: { field } });
  });
});

describe('findTagSource', () => {
  const event = (image: string, created: string) => ({
    created,
    dockerImageReference: `quay.io/acme/app@${image}`,
    image,
    generation: 1,
  });
  const [newer, older] = [event(D2, '2026-01-02T00:00:00Z'), event(D1, '2026-01-01T00:00:00Z')];
  const stream = aStream({
    status: [
      { tag: 'a', items: [newer, older] },
      { tag: 'b', items: [event(D1, '2026-01-03T00:00:00Z')] },
    ],
  });
  const source = (kind: TagSource['kind'], name: string): TagSource => {
    return { key: own, isOwn: true, kind, name, field, written: `app@${name}` };
  };

  it('finds the newest event of a tag, or none', () => {
    expect(findTagSource(stream, source('tag', 'a'))).toEqual({ ok: true, event: newer });
    expect(findTagSource(stream, source('tag', 'z'))).toEqual({ ok: true, event: undefined });
  });

  it.each([D1, D1.slice(0, 12), D1.slice(7, 12)])('finds an image by %s, as last tagged', (id) => {
    expect(findTagSource(stream, source('image', id))).toMatchObject({
      event: { image: D1, created: '2026-01-03T00:00:00Z' },
    });
  });

  it('refuses a prefix of several images and names them', () => {
    expect(findTagSource(stream, source('image', 'sha256:'))).toMatchObject({
      cause: {
        reason: 'FieldValueInvalid',
        field,
        message: `Invalid value: "app@sha256:": multiple images match the prefix "sha256:": ${D1}, ${D2}`,
      },
    });
    const many = Array.from({ length: 8 }, (_, at) => event(`sha256:a${at}`, ''));
    const crowded = aStream({ status: [{ tag: 'a', items: many }] });
    expect(findTagSource(crowded, source('image', 'a'))).toMatchObject({
      cause: { message: expect.stringMatching(/: sha256:a0, [^:]*.*sha256:a4 and 3 more$/u) },
    });
  });

  it('refuses an unknown image and an unknown stream', () => {
    expect(findTagSource(stream, source('image', 'fff'))).toMatchObject({
      cause: { reason: 'FieldValueNotFound', message: 'Not found: "app@fff"' },
    });
    expect(findTagSource(undefined, source('tag', 'a'))).toMatchObject({
      cause: { reason: 'FieldValueNotFound', message: 'Not found: "acme/app"' },
    });
  });
});
