import type { ApiClient, ImageStreamTag } from '@tagtrail/api-client';
import { IMAGE_API_VERSION, type ImageStream, type TagReference } from '@tagtrail/image-stream';
import { orElse, retryConflicts } from '../connection/refusals.ts';
import { findStream } from '../streams/find-stream.ts';
import { imageStreamTag, type PlannedTag } from './plan-tags.ts';
import type { StreamTagKey } from './tag-destination.ts';

/** What tags are written through. */
export interface TagWriter {
  readonly api: {
    readonly streams: Pick<ApiClient['streams'], 'get' | 'create' | 'replace'>;
    readonly tags: Pick<ApiClient['tags'], 'create' | 'replace' | 'delete'>;
  };
}

/**
 * Sets a tag and answers what the server made of it:
 *
 *     PUT tag ──404, 405, 403──▶ POST tag ──405, 403──▶ read the stream, write it with the tag
 *
 * A lost race starts anew. Throws ApiError. Source: `oc tag`.
 */
export function setTag(writer: TagWriter, planned: PlannedTag): Promise<ImageStreamTag> {
  const { tags } = writer.api;
  const wanted = imageStreamTag(planned);
  return retryConflicts(() =>
    orElse(
      () => tags.replace(wanted),
      [403, 404, 405],
      () =>
        orElse(
          () => tags.create(wanted),
          [403, 405],
          () => setWithinStream(writer, planned),
        ),
    ),
  );
}

/** For servers, or permissions, that know only whole streams. */
async function setWithinStream({ api }: TagWriter, planned: PlannedTag): Promise<ImageStreamTag> {
  const { key, definition } = planned;
  const stream = await findStream(api.streams, { namespace: key.namespace, name: key.stream });
  if (stream === undefined) await api.streams.create(newStream(key, definition));
  else await api.streams.replace(withTag(stream, definition));
  return imageStreamTag(planned);
}

function newStream(key: StreamTagKey, definition: TagReference): ImageStream {
  return {
    kind: 'ImageStream',
    apiVersion: IMAGE_API_VERSION,
    metadata: { name: key.stream, namespace: key.namespace },
    spec: { lookupPolicy: { local: false }, tags: [definition] },
    status: { dockerImageRepository: '' },
  };
}

/** The stream with this tag in the place of its namesake, or behind all others. */
export function withTag(stream: ImageStream, definition: TagReference): ImageStream {
  const tags = stream.spec.tags ?? [];
  const isThere = tags.some(({ name }) => name === definition.name);
  const next = isThere
    ? tags.map((tag) => (tag.name === definition.name ? definition : tag))
    : [...tags, definition];
  return { ...stream, spec: { ...stream.spec, tags: next } };
}
