import type { ImageObject, ImageStreamImport } from '@tagtrail/api-client';
import type { ImageStream, TagReference } from '@tagtrail/image-stream';
import { aStream, aTag } from '../../../../../packages/image-stream/src/testing/a-stream.ts';
import { type ImportWish, readImportWish, type WishFlags } from '../import-wish.ts';

/** Builders for tests: wishes, streams of namespace demo and the run that the golden texts come from. */
export const NOW = Date.parse('2026-11-23T05:27:57Z');
const AT = '2026-11-23T05:27:57Z';

export const digest = (character: string) => `sha256:${character.repeat(64)}`;

export function importWish(text: string, flags: Partial<WishFlags> = {}): ImportWish {
  return readImportWish(text, flags);
}

/** A stream of namespace demo. */
export function demoStream(fields: Parameters<typeof aStream>[0], name = 'web'): ImageStream {
  const { metadata, ...rest } = aStream(fields);
  return { ...rest, metadata: { ...metadata, name, namespace: 'demo' } };
}

/** A tag that comes from a registry. */
export function imageTag(name: string, from: string, fields: Partial<TagReference> = {}) {
  return aTag({ name, from: { kind: 'DockerImage', name: from }, ...fields });
}

export const ruby: ImageObject = {
  metadata: {
    name: digest('a'),
    creationTimestamp: AT,
    annotations: { 'image.openshift.io/dockerLayersOrder': 'ascending' },
  },
  dockerImageReference: `example.com/ruby@${digest('a')}`,
  dockerImageMetadata: {
    Created: '2024-11-01T00:00:00Z',
    Architecture: 'amd64',
    Size: 123_500,
    Config: {
      Cmd: ['irb'],
      ExposedPorts: { '8080/tcp': {} },
      Labels: { io: 'x' },
      Env: ['PATH=/usr/bin', 'A=b'],
    },
  },
  dockerImageLayers: [
    { name: digest('1'), size: 1000 },
    { name: digest('2'), size: 122_500 },
  ],
};

/** The stream of the run, as it is after the import. */
function rubyStream(name: string, fields: Partial<ImageStream>): ImageStream {
  return {
    kind: 'ImageStream',
    apiVersion: 'image.openshift.io/v1',
    metadata: {
      name,
      namespace: 'myproject',
      resourceVersion: '8',
      creationTimestamp: AT,
      annotations: { 'openshift.io/image.dockerRepositoryCheck': AT },
    },
    spec: { lookupPolicy: { local: false } },
    status: { dockerImageRepository: '' },
    ...fields,
  };
}

/** An answer with the given parts. */
export function anAnswer(
  name: string,
  status: ImageStreamImport['status'],
  spec: Partial<ImageStreamImport['spec']> = {},
): ImageStreamImport {
  return {
    kind: 'ImageStreamImport',
    apiVersion: 'image.openshift.io/v1',
    metadata: { name, namespace: 'myproject', creationTimestamp: null },
    spec: { import: true, ...spec },
    status,
  };
}

/** The answer of `import-image my-ruby --from=example.com/ruby --confirm`. */
export const importedRuby = anAnswer('my-ruby', {
  import: rubyStream('my-ruby', {
    spec: {
      lookupPolicy: { local: false },
      tags: [imageTag('latest', 'example.com/ruby', { generation: 1 })],
    },
    status: {
      dockerImageRepository: '',
      tags: [
        {
          tag: 'latest',
          items: [
            {
              created: AT,
              dockerImageReference: `example.com/ruby@${digest('a')}`,
              image: digest('a'),
              generation: 1,
            },
          ],
        },
      ],
    },
  }),
  images: [{ status: { status: 'Success' }, image: ruby, tag: 'latest' }],
});

const NOT_FOUND = 'dockerimage.image.openshift.io "example.com/bad:1" not found';

/** The answer of `import-image bad --from=example.com/bad:1 --confirm`, where there is no such image. */
export const failedImport = anAnswer('bad', {
  import: rubyStream('bad', {
    spec: {
      lookupPolicy: { local: false },
      tags: [imageTag('latest', 'example.com/bad:1', { generation: 1 })],
    },
    status: {
      dockerImageRepository: '',
      tags: [
        {
          tag: 'latest',
          items: null,
          conditions: [
            {
              type: 'ImportSuccess',
              status: 'False',
              lastTransitionTime: AT,
              reason: 'NotFound',
              message: NOT_FOUND,
              generation: 1,
            },
          ],
        },
      ],
    },
  }),
  images: [
    { status: { status: 'Failure', reason: 'NotFound', message: NOT_FOUND }, tag: 'latest' },
  ],
});
