import type { ListMeta } from '@tagtrail/apimachinery';
import type { StreamKey, TagKey } from '@tagtrail/image-stream';
import { type AccessTokens, createAccessTokens } from './access-tokens.ts';
import { ApiConnection, type ConnectionOptions } from './api-connection.ts';
import { type Archive, createArchive } from './archive.ts';
import type { ImageObject, ImageStreamImage } from './image-objects.ts';
import { imagePath } from './image-paths.ts';
import type { ImageStreamImport } from './image-stream-import.ts';
import { createImageStreamTags, type ImageStreamTags, type NamedKey } from './image-stream-tags.ts';
import { ImageStreams } from './image-streams.ts';
import { decodeOverview, type Overview } from './overview.ts';
import { createSecrets, type Secrets } from './secrets.ts';
import type { ImageStreamCheck, ImageStreamHistory, QueueReport } from './wire-objects.ts';

export interface RequestOptions {
  readonly signal?: AbortSignal;
  /** ms for the whole answer, where the usual time does not fit. */
  readonly timeout?: number;
}

export interface Images {
  /** An image that some stream has or had, by its digest. */
  get(digest: string): Promise<ImageObject>;
  /** An image of one stream: `stream@digest`. */
  getOfStream(key: NamedKey): Promise<ImageStreamImage>;
}

export interface ImageStreamImports {
  /**
   * Imports now, and answers once every image is imported or failed, which the answer tells. 409: the stream changed
   * since it was read. 504: some images take longer; the message names them, and their import goes on.
   */
  create(wanted: ImageStreamImport, options?: RequestOptions): Promise<ImageStreamImport>;
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
  readonly tags: ImageStreamTags;
  readonly images: Images;
  readonly imageStreamImports: ImageStreamImports;
  readonly checks: Checks;
  readonly history: History;
  readonly archive: Archive;
  readonly secrets: Secrets;
  readonly accessTokens: AccessTokens;
  queueMetrics(options?: RequestOptions): Promise<QueueReport>;
  /** What the installation does right now, at most a second old. */
  overview(options?: RequestOptions): Promise<Overview>;
}

const GROUP = '/apis/tagtrail.dev/v1';
/** ms for the answer to an import: registries may be slow, and the server waits for them. Node's fetch waits 300 s. */
const IMPORT_TIMEOUT = 290_000;

/**
 * A client of one Tagtrail API. It needs nothing but `fetch`, so it works in browsers too. It opens no connection yet.
 * @throws TypeError when `server` is no http(s) URL
 */
export function createApiClient(options: ConnectionOptions): ApiClient {
  const connection = new ApiConnection(options);
  return {
    server: connection.server,
    streams: new ImageStreams(connection),
    tags: createImageStreamTags(connection),
    images: {
      get: (digest) => connection.request({ path: imagePath('images', undefined, digest) }),
      getOfStream: ({ namespace, name }) =>
        connection.request({ path: imagePath('imagestreamimages', namespace, name) }),
    },
    imageStreamImports: {
      create: (wanted, { timeout = IMPORT_TIMEOUT, signal } = {}) => {
        const path = imagePath('imagestreamimports', wanted.metadata.namespace);
        return connection.request({ method: 'POST', path, body: wanted, timeout, signal });
      },
    },
    checks: {
      get: ({ namespace, name }, options) =>
        connection.request({
          path: `${checksPath(namespace)}/${encodeURIComponent(name)}`,
          ...options,
        }),
      list: ({ namespace, ...query } = {}, options) =>
        connection.request({ path: checksPath(namespace), query, ...options }),
    },
    history: {
      list: ({ namespace, name, tag }, page = {}, options) => {
        const history = encodeURIComponent(`${name}:${tag}`);
        const path = `${GROUP}/namespaces/${encodeURIComponent(namespace)}/imagestreamhistories/${history}`;
        return connection.request({ path, query: { ...page }, ...options });
      },
    },
    archive: createArchive(connection),
    secrets: createSecrets(connection),
    accessTokens: createAccessTokens(connection),
    queueMetrics: (options) => connection.request({ path: '/queue-metrics.json', ...options }),
    overview: async (options) =>
      decodeOverview(await connection.request({ path: `${GROUP}/overview`, ...options })),
  };
}

function checksPath(namespace: string | undefined): string {
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${GROUP}${scope}/imagestreamchecks`;
}
