import { describe, expect, it } from 'vitest';
import { aStream, aTag, D1, D2 } from '../../../../packages/image-stream/src/testing/a-stream.ts';
import { CliError } from '../cli-error.ts';
import {
  exactSource,
  nameWithinNamespace,
  parseSource,
  parseSourceKind,
  pinSource,
  type SourceReference,
} from './tag-source.ts';

describe('parseSourceKind', () => {
  it.each([
    ['', undefined],
    ['docker', 'DockerImage'],
    ['DockerImage', 'DockerImage'],
    ['istag', 'ImageStreamTag'],
    ['ImageStreamTag', 'ImageStreamTag'],
    ['isimage', 'ImageStreamImage'],
    ['imagestreamimage', 'ImageStreamImage'],
  ])('takes "%s" for %s', (text, kind) => {
    expect(parseSourceKind(text)).toBe(kind);
  });

  it.each(['is', 'constructor'])('refuses "%s" and names what there is', (text) => {
    const problem = `invalid source "${text}"; valid values are docker, dockerimage, imagestreamimage, imagestreamtag, isimage, istag`;
    const hint = "See 'tagtrail tag -h' for help and examples";
    expect(() => parseSourceKind(text)).toThrow(new CliError('usage', problem, { hint }));
  });
});

describe('parseSource', () => {
  it.each([
    ['ruby', 'DockerImage', { name: 'ruby' }],
    ['library/ruby', 'DockerImage', { namespace: 'library', name: 'ruby' }],
    ['ruby:3', 'ImageStreamTag', { name: 'ruby', tag: '3' }],
    ['library/ruby:3', 'ImageStreamTag', { namespace: 'library', name: 'ruby', tag: '3' }],
    ['a/b/c:3', 'ImageStreamTag', { namespace: 'a', name: 'b/c', tag: '3' }],
    [`ruby:3@${D1}`, 'ImageStreamImage', { name: 'ruby', tag: '3', digest: D1 }],
    [
      'docker.io/library/ruby:3',
      'DockerImage',
      { registry: 'docker.io', namespace: 'library', name: 'ruby', tag: '3' },
    ],
    ['localhost/ruby', 'DockerImage', { registry: 'localhost', name: 'ruby' }],
    [
      `registry:5000/ruby@${D1}`,
      'DockerImage',
      { registry: 'registry:5000', name: 'ruby', digest: D1 },
    ],
  ])('sees by the form of %s that it is a %s', (text, kind, reference) => {
    expect(parseSource(text, undefined, 'demo')).toEqual({ kind, reference });
  });

  it('takes the namespace of Docker for the current one when a stream is meant', () => {
    const { reference } = parseSource('library/ruby:3', 'ImageStreamTag', 'demo');
    expect(reference).toEqual({ namespace: 'demo', name: 'ruby', tag: '3' });
    const docker = parseSource('library/ruby:3', 'DockerImage', 'demo');
    expect(exactSource(docker.reference)).toBe('library/ruby:3');
  });

  it.each([
    ['Ruby', undefined, 'invalid SOURCE: repository name must be lowercase'],
    ['ruby::1', 'DockerImage', 'invalid SOURCE: invalid reference format'],
    ['', undefined, 'invalid SOURCE: repository name must have at least one component'],
    [
      'docker.io/ruby:3',
      'ImageStreamTag',
      'server in SOURCE is only allowed when providing a container image',
    ],
    [
      `docker.io/ruby@${D1}`,
      'ImageStreamImage',
      'server in SOURCE is only allowed when providing a container image',
    ],
    ['ruby', 'ImageStreamTag', '--source=ImageStreamTag requires a valid <name>:<tag> in SOURCE'],
    [
      'ruby:3',
      'ImageStreamImage',
      '--source=ImageStreamImage requires a valid <name>@<id> in SOURCE',
    ],
  ] as const)('refuses "%s" as %s', (text, kind, problem) => {
    expect(() => parseSource(text, kind, 'demo')).toThrow(new CliError('usage', problem));
  });
});

describe('pinSource', () => {
  const event = { created: '', generation: 1 };
  const stream = aStream({
    tags: [aTag()],
    status: [
      {
        tag: 'latest',
        items: [
          { ...event, image: D1, dockerImageReference: `q/a@${D1}` },
          { ...event, image: D2, dockerImageReference: `q/a@${D2}` },
        ],
      },
      { tag: 'ref', items: [{ ...event, image: '', dockerImageReference: 'quay.io/a/b:1' }] },
      { tag: 'odd', items: [{ ...event, image: '', dockerImageReference: 'A B' }] },
      { tag: 'failed', items: null },
    ],
  });
  const pin = (reference: SourceReference) => pinSource(reference, stream, 'x/app:tag');

  it('takes the newest image of the tag', () => {
    expect(pin({ namespace: 'x', name: 'app', tag: 'latest' })).toEqual({
      kind: 'ImageStreamImage',
      reference: { namespace: 'x', name: 'app', digest: D1 },
    });
  });

  it('takes the pull spec of a tag that only refers to a registry', () => {
    expect(pin({ name: 'app', tag: 'ref' })).toEqual({
      kind: 'DockerImage',
      reference: { registry: 'quay.io', namespace: 'a', name: 'b', tag: '1' },
    });
  });

  it.each(['failed', 'absent'])('refuses a tag without an image: %s', (tag) => {
    const problem =
      '"x/app:tag" is not currently pointing to an image, cannot use it as the source of a tag';
    expect(() => pin({ name: 'app', tag })).toThrow(new CliError('usage', problem));
  });

  it('refuses a tag whose pull spec is none', () => {
    const problem =
      'the image stream tag "x/app:tag" has an invalid pull spec and cannot be used to tag: invalid reference format';
    expect(() => pin({ name: 'app', tag: 'odd' })).toThrow(new CliError('usage', problem));
  });
});

it('renders a source whole or within its namespace, by digest rather than tag', () => {
  const reference = { registry: 'quay.io', namespace: 'a', name: 'b/c', tag: '1' };
  expect(exactSource(reference)).toBe('quay.io/a/b/c:1');
  expect(nameWithinNamespace(reference)).toBe('b/c:1');
  expect(nameWithinNamespace({ ...reference, digest: D1 })).toBe(`b/c@${D1}`);
  expect(exactSource({ name: 'b' })).toBe('b');
});
