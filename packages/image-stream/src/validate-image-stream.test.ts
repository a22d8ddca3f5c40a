import { describe, expect, it } from 'vitest';
import { decodeImageStream } from './decode-image-stream.ts';
import { type ImageStream, SCHEDULE_ANNOTATION, type TagReference } from './image-stream.ts';
import { aStream, aTag, D1 } from './testing/a-stream.ts';
import { validateImageStream } from './validate-image-stream.ts';

const told = (stream: ImageStream) =>
  validateImageStream(stream).map(({ field, message }) => [field, message]);
const ofTags = (...tags: TagReference[]) => told(aStream({ tags }));
const ofSource = (kind: string, name: string, fields: Partial<TagReference> = {}) =>
  ofTags(aTag({ from: { kind, name }, ...fields }));
const ofRepository = (dockerImageRepository: string) =>
  told(aStream({ tags: [], dockerImageRepository }));
const FROM = 'spec.tags[latest].from.name';

describe('the name of a stream', () => {
  const MATCH = 'must match "[a-z0-9]+(?:[._-][a-z0-9]+)*"';

  it.each(['a', 'app', 'app.v1_2-x', '0'])('may be %s', (name) => {
    expect(told(aStream({ name }))).toEqual([]);
  });

  it.each([
    ['App', MATCH],
    ['-app', MATCH],
    ['app-', MATCH],
    ['a..b', MATCH],
    ['a__b', MATCH],
    ['a b', MATCH],
    ['.', "may not be '.'"],
    ['..', "may not be '..'"],
    ['a/b', "may not contain '/'"],
    ['a%b', "may not contain '%'"],
  ])('is not %s', (name, detail) => {
    expect(told(aStream({ name }))).toEqual([
      ['metadata.name', `Invalid value: "${name}": ${detail}`],
    ]);
  });

  it('names everything that a path may not hold', () => {
    expect(told(aStream({ name: 'a/b%c' })).map(([, message]) => message)).toEqual([
      `Invalid value: "a/b%c": may not contain '/'`,
      `Invalid value: "a/b%c": may not contain '%'`,
    ]);
  });

  it('is needed', () => {
    expect(told(aStream({ name: '' }))).toEqual([
      ['metadata.name', 'Required value: name or generateName is required'],
    ]);
  });

  it('has at most 255 characters together with the namespace', () => {
    const named = (length: number) =>
      told(aStream({ namespace: 'n'.repeat(63), name: 'a'.repeat(length) }));
    expect(named(191)).toEqual([]);
    expect(named(192)).toEqual([
      [
        'metadata.name',
        `Invalid value: "${'a'.repeat(192)}": 'namespace/name' cannot be longer than 255 characters`,
      ],
    ]);
  });
});

describe('the repository that a stream follows', () => {
  const FIELD = 'spec.dockerImageRepository';
  const TAG = 'the repository name may not contain a tag';
  const ID = 'the repository name may not contain an ID';

  it.each(['quay.io/acme/app', 'redis', 'localhost:5000/app'])('may be %s', (repository) => {
    expect(ofRepository(repository)).toEqual([]);
  });

  it.each([
    ['quay.io/acme/app:latest', [TAG]],
    [`quay.io/acme/app@${D1}`, [ID]],
    [`quay.io/acme/app:latest@${D1}`, [TAG, ID]],
    ['not//readable', ['invalid reference format']],
    ['Upper', ['repository name must be lowercase']],
    ['quay.io/', ['names a registry without a repository; write quay.io/REPOSITORY']],
    ['localhost:5000', ['names a registry without a repository; write localhost:5000/REPOSITORY']],
  ])('is not %s', (repository, details) => {
    expect(ofRepository(repository)).toEqual(
      details.map((detail) => [FIELD, `Invalid value: "${repository}": ${detail}`]),
    );
  });
});

describe('the source of a tag', () => {
  it.each([
    ['DockerImage', 'quay.io/acme/app:latest'],
    ['DockerImage', 'redis'],
    ['DockerImage', 'registry:5000'],
    ['DockerImage', 'quay.io/acme/app.v1'],
    ['ImageStreamTag', 'latest'],
    ['ImageStreamTag', 'other:latest'],
    ['ImageStreamTag', 'a.b'],
    ['ImageStreamImage', D1],
    ['ImageStreamImage', `other@${D1}`],
  ])('of kind %s may be %s', (kind, name) => {
    expect(ofSource(kind, name)).toEqual([]);
  });

  it('may be missing: the tag is pushed', () => {
    expect(ofTags(aTag({ from: null }))).toEqual([]);
  });

  it.each(['DockerImage', 'ImageStreamTag', 'ImageStreamImage'])(
    'of kind %s needs a name',
    (kind) => {
      expect(ofSource(kind, '')).toEqual([[FROM, 'Required value']]);
    },
  );

  it.each(['', 'Image', 'dockerimage'])('is not of kind "%s"', (kind) => {
    const detail = "valid values are 'DockerImage', 'ImageStreamImage', 'ImageStreamTag'";
    const field = 'spec.tags[latest].from.kind';
    expect(ofSource(kind, 'x')).toEqual([[field, `Required value: ${detail}`]]);
    expect(ofSource(kind, '')).toEqual([
      [FROM, 'Required value'],
      [field, `Required value: ${detail}`],
    ]);
  });

  it.each([
    ['abc@badid', 'invalid reference format'],
    ['a b', 'invalid reference format'],
    ['Upper', 'repository name must be lowercase'],
  ])('can be read: not %s', (name, detail) => {
    expect(ofSource('DockerImage', name)).toEqual([[FROM, `Invalid value: "${name}": ${detail}`]]);
  });

  it.each([
    ['quay.io', 'quay.io'],
    ['quay.io/', 'quay.io'],
    ['quay.io:latest', 'quay.io'],
    ['registry.example.com:5000', 'registry.example.com:5000'],
    ['localhost', 'localhost'],
    ['localhost:5000', 'localhost:5000'],
    ['127.0.0.1:5000', '127.0.0.1:5000'],
    [`quay.io@${D1}`, 'quay.io'],
  ])('is more than the registry %s', (name, registry) => {
    const detail = `names a registry without a repository; write ${registry}/REPOSITORY[:TAG]`;
    const told = [[FROM, `Invalid value: "${name}": ${detail}`]];
    expect(ofSource('DockerImage', name)).toEqual(told);
    expect(ofSource('DockerImage', name, { reference: true })).toEqual(told);
  });

  it.each([
    ['ImageStreamTag', 'a:b:c'],
    ['ImageStreamTag', ':latest'],
    ['ImageStreamImage', 'a@b@c'],
  ])('of kind %s is not %s', (kind, name) => {
    const detail = 'must be of the form <tag>, <repo>:<tag>, <id>, or <repo>@<id>';
    expect(ofSource(kind, name)).toEqual([[FROM, `Invalid value: "${name}": ${detail}`]]);
  });

  it.each([
    ['ImageStreamTag', 'other:latest'],
    ['ImageStreamImage', D1],
  ])('is no %s when the tag is scheduled', (kind, name) => {
    const importPolicy = { scheduled: true };
    expect(ofTags(aTag({ name: 'other', from: { kind, name }, importPolicy }))).toEqual([
      [
        'spec.tags[other].importPolicy.scheduled',
        'Invalid value: true: only tags pointing to Docker repositories may be scheduled for background import',
      ],
    ]);
  });

  it('may be scheduled when it is a digest, or only a reference, which does nothing', () => {
    const importPolicy = { scheduled: true };
    expect(ofSource('DockerImage', `quay.io/acme/app@${D1}`, { importPolicy })).toEqual([]);
    expect(ofSource('DockerImage', 'redis', { importPolicy, reference: true })).toEqual([]);
  });
});

describe('the policies of a tag', () => {
  const ofPolicies = (policies: object) => {
    const decoded = decodeImageStream({
      metadata: { name: 'app' },
      spec: { tags: [{ name: 'latest', ...policies }] },
    });
    return decoded.ok ? told(decoded.stream) : decoded.causes.map(({ message }) => message);
  };

  it.each(['', 'Legacy', 'PreserveOriginal'])('may have the import mode "%s"', (importMode) => {
    expect(ofPolicies({ importPolicy: { importMode } })).toEqual([]);
  });

  it.each(['', 'Source', 'Local'])('may have references of type "%s"', (type) => {
    expect(ofPolicies({ referencePolicy: { type } })).toEqual([]);
  });

  it('know no other import mode and no other type of references', () => {
    const importPolicy = { importMode: 'legacy' };
    expect(ofPolicies({ importPolicy, referencePolicy: { type: 'Remote' } })).toEqual([
      `Invalid value: "legacy": invalid import mode, valid modes are '', 'Legacy', 'PreserveOriginal'`,
      'Invalid value: "Remote": valid values are "Source", "Local"',
    ]);
  });
});

describe('the tags of a stream', () => {
  const fields = (tags: readonly TagReference[]) => ofTags(...tags).map(([field]) => field);

  it('may have names of any form', () => {
    expect(ofTags(aTag(), aTag({ name: 'v1:2 / ü ✓' }))).toEqual([]);
  });

  it.each([
    ['no name', ''],
    ['a name longer than a registry allows', 'x'.repeat(129)],
    ['half a character, which no store gives back', 'v\ud83d'],
  ])('do not have %s', (_, name) => {
    expect(fields([aTag({ name })])[0]).toContain('.name');
  });

  it('must have a name', () => {
    expect(ofTags(aTag({ name: '' }))).toEqual([
      ['spec.tags[].name', 'Required value: a tag needs a name'],
    ]);
  });

  it('have schedules that can be followed', () => {
    const annotations = { [SCHEDULE_ANNOTATION]: '0 0 30 2 *' };
    expect(fields([aTag({ annotations })])).toEqual([
      `spec.tags[latest].annotations[${SCHEDULE_ANNOTATION}]`,
    ]);
  });

  it('are at most 1000', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, at) => aTag({ name: `${at}` }));
    expect(ofTags(...many(1000))).toEqual([]);
    expect(ofTags(...many(1001))).toEqual([
      ['spec.tags', 'Invalid value: 1001: at most 1000 tags are allowed'],
    ]);
  });
});
