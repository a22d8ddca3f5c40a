import type { ImageStreams } from '@tagtrail/api-client';
import type { ImageStream, StreamKey } from '@tagtrail/image-stream';
import { orElse } from '../connection/refusals.ts';

/** Undefined when there is no such stream. Throws ApiError. */
export function findStream(
  streams: Pick<ImageStreams, 'get'>,
  key: StreamKey,
): Promise<ImageStream | undefined> {
  return orElse<ImageStream | undefined>(
    () => streams.get(key),
    [404],
    async () => undefined,
  );
}
