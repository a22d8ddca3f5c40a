import { notFound } from '@tagtrail/apimachinery';
import type { ImageStream, ImageStreamStore, StreamKey } from '@tagtrail/image-stream';
import { StatusError } from '../status-error.ts';
import { imageStreamNamed } from './image-stream-resource.ts';

/** The stream; throws StatusError NotFound when there is none. */
export async function readStream(
  streams: Pick<ImageStreamStore, 'read'>,
  key: StreamKey,
): Promise<ImageStream> {
  const stream = await streams.read(key);
  if (stream === undefined) throw new StatusError(notFound(imageStreamNamed(key.name)));
  return stream;
}
