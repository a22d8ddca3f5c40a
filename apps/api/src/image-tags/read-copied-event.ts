import { invalid } from '@tagtrail/apimachinery';
import {
  findTagSource,
  type ImageStream,
  type ImageStreamStore,
  parseTagSource,
  type TagEvent,
  type TagReference,
} from '@tagtrail/image-stream';
import { StatusError } from '../status-error.ts';
import { imageStreamTagNamed, type StreamTagKey } from './image-tag-resource.ts';

/** What a definition copies from: the newest event of its source; undefined when it copies nothing. Throws StatusError Invalid. */
export async function readCopiedEvent(
  streams: Pick<ImageStreamStore, 'read'>,
  wish: {
    readonly key: StreamTagKey;
    readonly current: ImageStream | undefined;
    readonly tag: TagReference;
  },
): Promise<TagEvent | undefined> {
  const { key, current, tag } = wish;
  const parsed = parseTagSource(tag, key.stream);
  if (!parsed.ok) throw new StatusError(invalid(imageStreamTagNamed(key.name), [parsed.cause]));
  const { source } = parsed;
  if (source === undefined) return undefined;
  const { namespace, name } = key.stream;
  const isOwn = source.key.namespace === namespace && source.key.name === name;
  const stream = isOwn ? current : await streams.read(source.key);
  const found = findTagSource(stream, source);
  if (found.ok) return found.event;
  throw new StatusError(invalid(imageStreamTagNamed(key.name), [found.cause]));
}
