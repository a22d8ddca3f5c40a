import { describe, expect, it } from 'vitest';
import { SCHEDULE_ANNOTATION, type TagReference } from './image-stream.ts';
import { aStream, aTag } from './testing/a-stream.ts';
import { validateImageStream } from './validate-image-stream.ts';

const fields = (tags: readonly TagReference[]) =>
  validateImageStream(aStream({ tags })).map(({ field }) => field);

describe('validateImageStream', () => {
  it('accepts an ordinary stream, and tag names of any form', () => {
    expect(fields([aTag(), aTag({ name: 'v1:2 / ü ✓' })])).toEqual([]);
  });

  it.each([
    ['no name', ''],
    ['a name longer than a registry allows', 'x'.repeat(129)],
    ['half a character, which no store gives back', 'v\ud83d'],
  ])('refuses a tag with %s', (_, name) => {
    expect(fields([aTag({ name })])[0]).toContain('.name');
  });

  it('refuses a schedule that nobody can follow, on a tag too', () => {
    const annotations = { [SCHEDULE_ANNOTATION]: '0 0 30 2 *' };
    expect(fields([aTag({ annotations })])).toEqual([
      `spec.tags[latest].annotations[${SCHEDULE_ANNOTATION}]`,
    ]);
  });

  it('bounds the number of tags', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, at) => aTag({ name: `${at}` }));
    expect(fields(many(1000))).toEqual([]);
    expect(fields(many(1001))).toEqual(['spec.tags']);
  });

  it.each([
    ['quay.io/acme/app', []],
    ['quay.io/acme/app:latest', ['spec.dockerImageRepository']],
    [`quay.io/acme/app@sha256:${'a'.repeat(64)}`, ['spec.dockerImageRepository']],
    ['not//readable', ['spec.dockerImageRepository']],
  ])('wants %s as a repository: %j', (dockerImageRepository, expected) => {
    const causes = validateImageStream(aStream({ tags: [], dockerImageRepository }));
    expect(causes.map(({ field }) => field)).toEqual(expected);
  });
});
