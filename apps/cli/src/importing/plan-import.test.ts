import type { TagReference } from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import { aTag } from '../../../../packages/image-stream/src/testing/a-stream.ts';
import type { WishFlags } from './import-wish.ts';
import { planImport } from './plan-import.ts';
import { demoStream, imageTag, importWish } from './testing/an-import.ts';

function alias(name: string, to: string): TagReference {
  return aTag({ name, from: { kind: 'ImageStreamTag', name: to } });
}

const three = imageTag('three', 'quay.io/acme/web:3');
const four = imageTag('four', 'quay.io/acme/web:4', { reference: true });
const repository = { kind: 'repository', from: 'quay.io/acme/web' };
const refused = (message: string) => ({ kind: 'refused', message });
const one = (tag: string, from: string, existing?: TagReference) => ({
  kind: 'images',
  images: [{ tag, from, ...(existing && { existing }) }],
});

describe('without a stream', () => {
  const plan = (text: string, flags: Partial<WishFlags> = {}) =>
    planImport(importWish(text, flags), undefined);

  it('asks to be told that it may be created', () => {
    const problem = 'no image stream named "web" exists, pass --confirm to create and import';
    expect(plan('web', { from: 'quay.io/acme/web' })).toEqual(refused(problem));
    expect(plan('a/web', { all: true })).toEqual(refused(problem));
  });

  it.each([
    ['web', {}, one('latest', 'web')],
    ['acme/web:2', {}, one('2', 'acme/web:2')],
    ['web:2', { from: 'quay.io/acme/web:3' }, one('2', 'quay.io/acme/web:3')],
    ['web', { all: true, from: 'quay.io/acme/web' }, repository],
    ['quay.io/acme/web', { all: true }, repository],
  ] as const)('imports %s with %j once confirmed', (text, flags, expected) => {
    expect(plan(text, { ...flags, confirm: true })).toEqual(expected);
  });
});

describe('--all', () => {
  const plan = (stream: Parameters<typeof demoStream>[0], flags: Partial<WishFlags> = {}) =>
    planImport(importWish('web', { all: true, ...flags }), demoStream(stream));
  const whole = { dockerImageRepository: 'quay.io/acme/web', tags: [three] };

  it("imports the stream's repository, if it has one", () => {
    expect(plan(whole)).toEqual(repository);
    expect(plan(whole, { from: 'quay.io/acme/web' })).toEqual(repository);
  });

  it('imports every tag that comes from a registry otherwise, in order', () => {
    const tags = [three, alias('short', 'three'), aTag({ name: 'pushed', from: null }), four];
    expect(plan({ tags })).toEqual({
      kind: 'images',
      images: [
        { tag: 'three', from: 'quay.io/acme/web:3', existing: three },
        { tag: 'four', from: 'quay.io/acme/web:4', existing: four },
      ],
    });
  });

  it('refuses when there is none', () => {
    const problem = 'image stream does not have tags pointing to external container images';
    expect(plan({ tags: [alias('short', 'three')] })).toEqual(refused(problem));
  });

  it.each([
    [
      { tags: [three] },
      'the image stream does not currently import an entire Docker repository, pass --confirm to update',
    ],
    [
      { dockerImageRepository: 'docker.io/old' },
      'the image stream has a different import spec "docker.io/old", pass --confirm to update',
    ],
  ])('changes what is imported only when confirmed: %j', (stream, problem) => {
    const from = 'quay.io/acme/web';
    expect(plan(stream, { from })).toEqual(refused(problem));
    expect(plan(stream, { from, confirm: true })).toEqual(repository);
  });
});

describe('one tag', () => {
  const stream = demoStream({
    dockerImageRepository: 'quay.io/acme/web',
    tags: [
      three,
      alias('short', 'web:three'),
      alias('itself', 'itself'),
      alias('dangling', 'gone'),
      alias('stranger', 'api:three'),
      alias('odd', 'web:a:b'),
      aTag({ name: 'pushed', from: null }),
      aTag({ name: 'built', from: { kind: 'ImageStreamImage', name: 'web@sha256:1' } }),
      alias('toBuilt', 'built'),
    ],
  });
  const plan = (text: string, from = '', whole = stream) =>
    planImport(importWish(text, { from, confirm: true }), whole);

  it.each([
    ['web:three', ''],
    ['web:three', 'quay.io/acme/web:3'],
    ['web:short', ''],
    ['web:short', 'quay.io/acme/web:3'],
  ])('imports the end of the references of %s again, with --from=%s', (text, from) => {
    expect(plan(text, from)).toEqual(one('three', 'quay.io/acme/web:3', three));
  });

  it('adds a tag, and asks for no confirmation', () => {
    const wish = importWish('web:new', { from: 'quay.io/acme/web:9' });
    expect(planImport(wish, stream)).toEqual(one('new', 'quay.io/acme/web:9'));
    expect(plan('web:dangling', 'quay.io/acme/web:9')).toEqual(
      one('dangling', 'quay.io/acme/web:9'),
    );
  });

  it("takes latest from the stream's repository when it is not defined", () => {
    expect(plan('web')).toEqual(one('latest', 'quay.io/acme/web'));
    expect(plan('web', 'quay.io/other')).toEqual(one('latest', 'quay.io/other'));
  });

  const absent = (tag: string) =>
    `the tag "${tag}" does not exist on the image stream - choose an existing tag to import or use the 'tag' command to create a new tag`;

  it('refuses latest when there is nothing to take it from', () => {
    expect(plan('web', '', demoStream({ tags: [] }))).toEqual(refused(absent('latest')));
  });

  it.each([
    ['new', '', absent('new')],
    ['dangling', '', absent('dangling')],
    ['odd', '', 'tag "odd" points to an invalid imagestreamtag'],
    ['stranger', '', 'tag "stranger" points to an imagestreamtag from another ImageStream'],
    ['itself', '', 'tag "itself" on the image stream is a reference to same tag'],
    [
      'built',
      '',
      'tag "built" points to existing ImageStreamImage "web@sha256:1", it cannot be re-imported',
    ],
    [
      'toBuilt',
      '',
      'tag "toBuilt" points to existing ImageStreamImage "web@sha256:1", it cannot be re-imported',
    ],
    [
      'pushed',
      'quay.io/x',
      `tag "pushed" already exists - you must use the 'tag' command if you want to change the source to "quay.io/x"`,
    ],
    [
      'three',
      'quay.io/x',
      `the tag "three" points to "quay.io/acme/web:3" - use the 'tag' command if you want to change the source to "quay.io/x"`,
    ],
    [
      'short',
      'quay.io/x',
      `the tag "short" points to the tag "three" which points to "quay.io/acme/web:3" - use the 'tag' command if you want to change the source to "quay.io/x"`,
    ],
  ])('refuses %s --from=%s, even when confirmed', (tag, from, problem) => {
    expect(plan(`web:${tag}`, from)).toEqual(refused(problem));
  });
});
