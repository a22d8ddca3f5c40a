import { createHash } from 'node:crypto';
import { IMAGE_API_VERSION, type ImageStream, type TagReference } from '@tagtrail/image-stream';

/** A stream `demo/app` whose tags were at the given references, newest first; each with a digest of its own. */
export function aStream({
  spec = [],
  history = {},
  annotations,
}: {
  readonly spec?: readonly TagReference[];
  readonly history?: Readonly<Record<string, readonly string[]>>;
  readonly annotations?: Readonly<Record<string, string>>;
}): ImageStream {
  const created = '2026-11-23T00:00:00Z';
  const tags = Object.entries(history).map(([tag, references]) => ({
    tag,
    items: references.map((dockerImageReference) => ({
      created,
      dockerImageReference,
      image: `sha256:${createHash('sha256').update(`${tag} ${dockerImageReference}`).digest('hex')}`,
      generation: 1,
    })),
  }));
  return {
    kind: 'ImageStream',
    apiVersion: IMAGE_API_VERSION,
    metadata: {
      name: 'app',
      namespace: 'demo',
      uid: 'uid-1',
      resourceVersion: '7',
      ...(annotations && { annotations }),
    },
    spec: { tags: spec },
    status: { dockerImageRepository: '', tags },
  };
}
