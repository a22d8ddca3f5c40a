import type { ListMeta } from '@tagtrail/apimachinery';
import type { StreamKey, TagKey } from '@tagtrail/image-stream';
import { ApiConnection, type ConnectionOptions } from './api-connection.ts';
import { ImageStreams } from './image-streams.ts';
import type { ImageStreamCheck, ImageStreamHistory, QueueReport } from './wire-objects.ts';

export interface RequestOptions {
  readonly signal?: AbortSignal;
}

export interface Checks {
  /** The check states of one stream's tags. */
  get(key: StreamKey, options?: RequestOptions): Promise<ImageStreamCheck>;
  /** Those of a page of streams; without a namespace, of all. */
  list(
    query?: { readonly namespace?: string; readonly limit?: number; readonly continue?: string },
    options?: RequestOptions,
  ): Promise<{ readonly metadata: ListMeta; readonly items: readonly ImageStreamCheck[] }>;
}

export interface History {
  /** A page of a tag's whole history, newest first; `metadata.continue` leads to older events. */
  list(
    key: Omit<TagKey, 'uid'>,
    page?: { readonly limit?: number; readonly continue?: string },
    options?: RequestOptions,
  ): Promise<ImageStreamHistory>;
}

/** Everything the API offers. Every method throws ApiError. */
export interface ApiClient {
  readonly server: string;
  readonly streams: ImageStreams;
  readonly checks: Checks;
  readonly history: History;
  queueMetrics(options?: RequestOptions): Promise<QueueReport>;
}

const GROUP = '/apis/tagtrail.dev/v1';

/**
 * A client of one Tagtrail API. It needs nothing but `fetch`, so it works in browsers too. It opens no connection yet.
 * @throws TypeError when `server` is no http(s) URL
 */
export function createApiClient(options: ConnectionOptions): ApiClient {
  const connection = new ApiConnection(options);
  return {
    server: connection.server,
    streams: new ImageStreams(connection),
    checks: {
      get: ({ namespace, name }, { signal } = {}) =>
        connection.request({
          path: `${checksPath(namespace)}/${encodeURIComponent(name)}`,
          signal,
        }),
      list: ({ namespace, ...query } = {}, { signal } = {}) =>
        connection.request({ path: checksPath(namespace), query, signal }),
    },
    history: {
      list: ({ namespace, name, tag }, page = {}, { signal } = {}) => {
        const history = encodeURIComponent(`${name}:${tag}`);
        const path = `${GROUP}/namespaces/${encodeURIComponent(namespace)}/imagestreamhistories/${history}`;
        return connection.request({ path, query: { ...page }, signal });
      },
    },
    queueMetrics: ({ signal } = {}) => connection.request({ path: '/queue-metrics.json', signal }),
  };
}

function checksPath(namespace: string | undefined): string {
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${GROUP}${scope}/imagestreamchecks`;
}
