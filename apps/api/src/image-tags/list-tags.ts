import { badRequest, type ListMeta, methodNotAllowed } from '@tagtrail/apimachinery';
import {
  IMAGE_API_VERSION,
  type ImageStream,
  type ImageStreamStore,
  type ImageStreamTag,
  taggedImage,
  viewTag,
} from '@tagtrail/image-stream';
import type { ListOptions } from '../image-streams/list-options.ts';
import { listStreams } from '../image-streams/list-streams.ts';
import { StatusError } from '../status-error.ts';

export interface ImageStreamTagList {
  readonly kind: 'ImageStreamTagList';
  readonly apiVersion: typeof IMAGE_API_VERSION;
  readonly metadata: ListMeta;
  readonly items: readonly ImageStreamTag[];
}

/**
 * Lists the tags that have an image, without the images' bodies. A page holds whole streams: `limit` counts those, and
 * labels select by them, since a tag has its stream's. Throws StatusError. Source: OpenShift's ImageStreamTag storage.
 */
export async function listTags(
  streams: Pick<ImageStreamStore, 'list'>,
  options: ListOptions,
): Promise<ImageStreamTagList> {
  if (options.watch) {
    const message = 'imagestreamtags can not be watched; watch imagestreams';
    throw new StatusError(methodNotAllowed(message));
  }
  if (options.selection.fields !== undefined) {
    throw new StatusError(badRequest('imagestreamtags can not be selected by fields'));
  }
  const { metadata, items } = await listStreams(streams, options);
  const { remainingItemCount: _, ...page } = metadata;
  return {
    kind: 'ImageStreamTagList',
    apiVersion: IMAGE_API_VERSION,
    metadata: page,
    items: items.flatMap(tagsOf),
  };
}

function tagsOf(stream: ImageStream): readonly ImageStreamTag[] {
  const lists = stream.status.tags ?? [];
  const tagged = lists.filter(({ tag }) => taggedImage(stream, tag) !== undefined);
  return tagged.map(({ tag }) => viewTag(stream, tag));
}
