import { ApiError, type ImageStreams, type StreamQuery } from '@tagtrail/api-client';
import type { ImageStream } from '@tagtrail/image-stream';
import { delay } from '@tagtrail/lifecycle';

/** ms before listing again after the server forgot where we were; a server that forgets at once must not be flooded. */
const RELIST_DELAY = 500;

/** Streams that are there at the beginning, that changed (or were added), or that are gone. */
export interface StreamSight {
  readonly kind: 'known' | 'changed' | 'deleted';
  readonly streams: readonly ImageStream[];
}

/**
 * All streams of a query, then every change of them, until the signal aborts. A cut connection is taken up again where
 * it was; when that is too long ago, all streams are seen once more as `changed`. Throws ApiError.
 */
export async function* followStreams(
  streams: Pick<ImageStreams, 'listAll' | 'watch'>,
  query: StreamQuery,
  signal: AbortSignal,
): AsyncGenerator<StreamSight, void> {
  for (let kind: StreamSight['kind'] = 'known'; !signal.aborted; kind = 'changed') {
    try {
      yield* listThenWatch(streams, { ...query, signal }, kind);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError) || error.code !== 410) throw error;
      await delay(RELIST_DELAY, signal);
    }
  }
}

async function* listThenWatch(
  streams: Pick<ImageStreams, 'listAll' | 'watch'>,
  query: StreamQuery & { readonly signal: AbortSignal },
  kind: StreamSight['kind'],
): AsyncGenerator<StreamSight, void> {
  const list = await streams.listAll(query);
  yield { kind, streams: list.items };
  const resourceVersion = list.metadata.resourceVersion ?? '0';
  for await (const { type, object } of streams.watch({
    ...query,
    resourceVersion,
    reached: true,
  })) {
    if (object.kind !== 'ImageStream') continue;
    yield { kind: type === 'DELETED' ? 'deleted' : 'changed', streams: [object] };
  }
}

/** The query for one stream by name, or for all of a namespace, or for all. */
export function streamQuery(namespace: string | undefined, name: string | undefined): StreamQuery {
  return {
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { fieldSelector: `metadata.name=${name}` }),
  };
}
