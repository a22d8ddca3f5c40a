import { notFound } from '@tagtrail/apimachinery';
import {
  type Image,
  type ImageDocumentStore,
  type ImageStreamStore,
  type ImageStreamTag,
  taggedImage,
  viewImage,
  viewTag,
} from '@tagtrail/image-stream';
import { StatusError } from '../status-error.ts';
import { imageNamed, imageStreamTagNamed, type StreamTagKey } from './image-tag-resource.ts';

export interface TagReadParts {
  readonly streams: Pick<ImageStreamStore, 'read'>;
  readonly images: Pick<ImageDocumentStore, 'read'>;
}

/** A tag with the image it points to. Throws StatusError NotFound: of the tag while it has no image. */
export async function readTag(
  { streams, images }: TagReadParts,
  { stream: key, tag, name }: StreamTagKey,
): Promise<ImageStreamTag> {
  const stream = await streams.read(key);
  const event = stream && taggedImage(stream, tag);
  if (stream === undefined || event === undefined)
    throw new StatusError(notFound(imageStreamTagNamed(name)));
  return viewTag(stream, tag, await readImage(images, event.image));
}

/** An image of any stream. Throws StatusError NotFound. */
export async function readImage(
  images: Pick<ImageDocumentStore, 'read'>,
  digest: string,
): Promise<Image> {
  const document = await images.read(digest);
  if (document !== undefined) return viewImage(document);
  throw new StatusError(notFound(imageNamed(digest)));
}
