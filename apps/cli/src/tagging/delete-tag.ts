import type { Status } from '@tagtrail/apimachinery';
import type { ImageStream } from '@tagtrail/image-stream';
import { CliError } from '../cli-error.ts';
import { orElse, retryConflicts } from '../connection/refusals.ts';
import { findStream } from '../streams/find-stream.ts';
import type { TagWriter } from './set-tag.ts';
import type { StreamTagKey } from './tag-destination.ts';

/** What the server answered to a deletion; undefined when there is no such stream. */
export type DeletedTag = Status | ImageStream | undefined;

/**
 * Deletes a tag's definition and its history. For servers, or permissions, that know only whole streams, the stream is
 * written without the tag. Throws ApiError, or CliError `usage` when the stream has no such tag. Source: `oc tag -d`.
 */
export function deleteTag(writer: TagWriter, key: StreamTagKey): Promise<DeletedTag> {
  const { namespace, stream, tag } = key;
  return retryConflicts(() =>
    orElse<DeletedTag>(
      () => writer.api.tags.delete({ namespace, name: `${stream}:${tag}` }),
      [403, 405],
      () => deleteWithinStream(writer, key),
    ),
  );
}

async function deleteWithinStream({ api }: TagWriter, key: StreamTagKey): Promise<DeletedTag> {
  const stream = await findStream(api.streams, { namespace: key.namespace, name: key.stream });
  if (stream === undefined) return undefined;
  const tags = stream.spec.tags ?? [];
  const rest = tags.filter(({ name }) => name !== key.tag);
  if (rest.length === tags.length) {
    const name = `${key.namespace}/${key.stream}:${key.tag}`;
    throw new CliError('usage', `destination tag ${name} does not exist.`);
  }
  return api.streams.replace({ ...stream, spec: { ...stream.spec, tags: rest } });
}
