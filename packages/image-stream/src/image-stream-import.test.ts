import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeImageStreamImport } from './decode-image-stream-import.ts';
import type { ImageStreamImport } from './image-stream-import.ts';
import { atTag, readImportSource } from './import-source.ts';
import { D1 } from './testing/a-stream.ts';
import { validateImageStreamImport } from './validate-image-stream-import.ts';

const IMAGE = { kind: 'DockerImage', name: 'quay.io/acme/app:v1' };
const SOURCE = { kind: 'DockerImage', name: 'quay.io/acme/app' };

const body = (spec: object, metadata: object = {}) => ({
  kind: 'ImageStreamImport',
  apiVersion: 'image.openshift.io/v1',
  metadata: { name: 'app', namespace: 'demo', creationTimestamp: null, ...metadata },
  spec,
  status: {},
});

function decoded(spec: object, metadata: object = {}): ImageStreamImport {
  const result = decodeImageStreamImport(body(spec, metadata));
  if (!result.ok) throw new Error(JSON.stringify(result.causes));
  return result.request;
}

const problems = (value: unknown) => {
  const result = decodeImageStreamImport(value);
  return result.ok ? [] : result.causes.map(({ field }) => field);
};

describe('decodeImageStreamImport', () => {
  it('reads what oc import-image sends', () => {
    const policies = {
      importPolicy: { insecure: true, scheduled: true, importMode: 'PreserveOriginal' },
      referencePolicy: { type: 'Local' },
    };
    const images = [{ from: SOURCE, to: { name: 'latest' }, ...policies }];
    expect(decoded({ import: true, images }, { resourceVersion: '7' })).toEqual({
      kind: 'ImageStreamImport',
      apiVersion: 'image.openshift.io/v1',
      metadata: { name: 'app', namespace: 'demo', resourceVersion: '7' },
      spec: {
        import: true,
        images: [{ from: SOURCE, to: { name: 'latest' }, ...policies, includeManifest: false }],
      },
      status: {},
    });
  });

  it('only looks unless an import is asked for, with the defaults of a spec tag', () => {
    const { spec } = decoded({ images: [{ from: SOURCE }] });
    expect(spec).toEqual({
      import: false,
      images: [
        {
          from: SOURCE,
          importPolicy: { importMode: 'Legacy' },
          referencePolicy: { type: 'Source' },
          includeManifest: false,
        },
      ],
    });
  });

  it.each([
    ['a tag', 'redis:7', { name: '7' }],
    ['a tag and a digest', `redis:7@${D1}`, { name: '7' }],
    ['a digest', `redis@${D1}`, undefined],
    ['neither', 'redis', undefined],
    ['what can not be read', 'test///un/parse/able/image', undefined],
  ])('imports a source with %s to the tag it names, if any', (_, name, to) => {
    expect(decoded({ images: [{ from: { ...IMAGE, name } }] }).spec.images[0]?.to).toEqual(to);
  });

  it('keeps images apart, however many, and the repository from them', () => {
    const images = Array.from({ length: 12 }, (_, at) => ({
      from: { ...IMAGE, name: `redis:${at}` },
    }));
    const { spec } = decoded({ images, repository: { from: SOURCE, includeManifest: true } });
    expect(spec.images.map(({ from }) => from.name)).toEqual(images.map(({ from }) => from.name));
    expect(spec.repository).toMatchObject({ from: SOURCE, includeManifest: true });
    expect(spec.repository).not.toHaveProperty('to');
  });

  it.each<[string, unknown, readonly string[]]>([
    ['another kind', { ...body({}), kind: 'ImageStream' }, ['kind']],
    ['another version', { ...body({}), apiVersion: 'v9' }, ['apiVersion']],
    ['a list as the body', [], ['(root)']],
    ['images that are none', body({ images: ['redis'] }), ['spec.images[0]']],
    [
      'a target that is a text',
      body({ images: [{ from: IMAGE, to: 'x' }] }),
      ['spec.images[0].to'],
    ],
    [
      'an unknown mode of the second image',
      body({ images: [{ from: IMAGE }, { from: IMAGE, importPolicy: { importMode: 'New' } }] }),
      ['spec.images[1].importPolicy.importMode'],
    ],
    [
      'an unknown policy of the repository',
      body({
        images: [{ from: IMAGE }],
        repository: { from: SOURCE, referencePolicy: { type: 1 } },
      }),
      ['spec.repository.referencePolicy.type'],
    ],
    ['a flag in words', body({ import: 'yes' }), ['spec.import']],
  ])('refuses %s', (_, value, fields) => {
    expect(problems(value)).toEqual(fields);
  });

  it('names the kind that it wants', () => {
    const result = decodeImageStreamImport({ ...body({}), kind: 'Pod' });
    expect(result).toMatchObject({
      causes: [{ message: 'Invalid value: "Pod": must be ImageStreamImport' }],
    });
  });

  it('never throws, whatever is sent', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (images, repository) => {
        decodeImageStreamImport(body({ images, repository }));
      }),
    );
  });
});

describe('validateImageStreamImport', () => {
  const causes = (spec: object, metadata: object = {}) =>
    validateImageStreamImport(decoded(spec, metadata)).map(
      ({ field, message }) => `${field}: ${message}`,
    );

  it('takes images and repositories, also sources that can not be read', () => {
    const broken = { ...IMAGE, name: 'test///un/parse/able/image' };
    expect(causes({ import: true, images: [{ from: IMAGE }, { from: broken }] })).toEqual([]);
    expect(causes({ repository: { from: SOURCE } })).toEqual([]);
    expect(causes({ repository: { from: broken } })).toEqual([]);
  });

  it('asks for something to import', () => {
    expect(causes({ import: true })).toEqual([
      'spec.images: Invalid value: null: you must specify at least one image or a repository import',
    ]);
  });

  it.each([
    [
      'another kind of source',
      { images: [{ from: { kind: 'ImageStreamTag', name: 'a:b' } }] },
      'spec.images[0].from.kind: Invalid value: "ImageStreamTag": only DockerImage is supported',
    ],
    [
      'no source',
      { images: [{}] },
      'spec.images[0].from.kind: Invalid value: "": only DockerImage is supported',
    ],
    [
      'a source without a name',
      { images: [{ from: { kind: 'DockerImage' } }] },
      'spec.images[0].from.name: Required value',
    ],
    [
      'a target without a name',
      { images: [{ from: IMAGE, to: {} }] },
      'spec.images[0].to.name: Invalid value: "": the name of the target tag must be specified',
    ],
    [
      'a target that stands for all tags',
      { images: [{ from: IMAGE, to: { name: '*' } }] },
      'spec.images[0].to.name: Invalid value: "*": is not a name for a tag',
    ],
    [
      'half a character',
      { images: [{ from: IMAGE, to: { name: 'v\ud83d' } }] },
      'spec.images[0].to.name: Invalid value: "v�": must be valid Unicode',
    ],
    [
      'a tag of a repository',
      { repository: { from: IMAGE } },
      'spec.repository.from.name: Invalid value: "quay.io/acme/app:v1": you must specify an image repository, not a tag or ID',
    ],
    [
      'an image of a repository',
      { repository: { from: { ...SOURCE, name: `redis@${D1}` } } },
      `spec.repository.from.name: Invalid value: "redis@${D1}": you must specify an image repository, not a tag or ID`,
    ],
  ])('refuses %s', (_, spec, cause) => {
    expect(causes(spec)).toEqual([cause]);
  });

  it('refuses a target of more than 128 characters', () => {
    const [cause] = causes({ images: [{ from: IMAGE, to: { name: 'x'.repeat(129) } }] });
    expect(cause).toContain('must be at most 128 characters long');
  });

  it('refuses two images for one tag, unless nothing is stored', () => {
    const images = [{ from: IMAGE }, { from: { ...IMAGE, name: 'redis:v1' } }];
    expect(causes({ import: true, images })).toEqual([
      'spec.images[1].to.name: Duplicate value: "v1"',
    ]);
    expect(causes({ images })).toEqual([]);
  });

  it('bounds the number of images', () => {
    const images = Array.from({ length: 1001 }, () => ({ from: IMAGE }));
    expect(causes({ images })).toEqual([
      'spec.images: Invalid value: 1001: at most 1000 images may be imported at once',
    ]);
  });

  it('checks the name as that of a stream', () => {
    expect(causes({ images: [{ from: IMAGE }] }, { name: 'App' })).toEqual([
      'metadata.name: Invalid value: "App": must match "[a-z0-9]+(?:[._-][a-z0-9]+)*"',
    ]);
  });
});

describe('readImportSource', () => {
  it('finds one repository in all its spellings', () => {
    for (const name of ['redis', 'docker.io/redis:latest', 'index.docker.io/library/redis']) {
      expect(readImportSource(name)).toMatchObject({
        source: { repository: 'docker.io/library/redis', tag: 'latest' },
      });
    }
  });

  it('says of a name that can not be read what OpenShift says', () => {
    expect(readImportSource('test///un/parse/able/image')).toEqual({
      ok: false,
      cause: {
        reason: 'FieldValueInvalid',
        field: 'from.name',
        message:
          'Invalid value: "test///un/parse/able/image": invalid name: invalid reference format',
      },
    });
  });
});

describe('atTag', () => {
  it('keeps the spelling of the repository', () => {
    expect(atTag('redis', 'v1')).toBe('redis:v1');
    expect(atTag('Docker.io/redis', '7')).toBe('Docker.io/redis:7');
  });

  it('has no tag of what is no repository', () => {
    expect(() => atTag('a//b', 'v1')).toThrow('not an image reference: invalid reference format');
  });
});
