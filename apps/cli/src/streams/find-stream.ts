import type { ImageStreams, RequestOptions } from '@tagtrail/api-client';
import type { ImageStream, StreamKey } from '@tagtrail/image-stream';
import { orElse } from '../connection/refusals.ts';

/** Undefined when there is no such stream. Throws ApiError. */
export function findStream(
  streams: Pick<ImageStreams, 'get'>,
  key: StreamKey,
  options?: RequestOptions,
): Promise<ImageStream | undefined> {
  return orElse<ImageStream | undefined>(
    () => streams.get(key, options),
    [404],
    async () => undefined,
  );
}
