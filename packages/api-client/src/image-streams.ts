import type { Status, WatchEvent } from '@tagtrail/apimachinery';
import type { ImageStream, StreamKey } from '@tagtrail/image-stream';
import type { ApiConnection } from './api-connection.ts';
import { unintelligible } from './api-error.ts';
import { type WatchOptions, watchStreams } from './watch-streams.ts';
import type { ImageStreamList } from './wire-objects.ts';

/** Streams asked for at once by `listAll`. */
const PAGE = 500;
/** Pages that `listAll` follows; half a million streams. */
const MAX_PAGES = 1_000;

/** What a list or a watch is about; without a namespace, all of them. */
export interface StreamQuery {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface PageQuery extends StreamQuery {
  readonly limit?: number;
  readonly continue?: string;
  readonly signal?: AbortSignal;
}

export interface WriteOptions {
  /** Checks everything and changes nothing. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

export interface DeleteOptions extends WriteOptions {
  /** What the stream must still be. */
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/** The image streams of a server. Every method throws ApiError. */
export class ImageStreams {
  readonly #connection: ApiConnection;

  constructor(connection: ApiConnection) {
    this.#connection = connection;
  }

  get(
    key: StreamKey,
    options: { readonly signal?: AbortSignal; readonly timeout?: number } = {},
  ): Promise<ImageStream> {
    return this.#connection.request({ path: pathOf(key.namespace, key.name), ...options });
  }

  /** One page; `metadata.continue` leads to the next. */
  list(query: PageQuery = {}): Promise<ImageStreamList> {
    const { namespace, signal, ...rest } = query;
    return this.#connection.request({ path: pathOf(namespace), query: { ...rest }, signal });
  }

  /** All pages as one list. Its resourceVersion is the first page's: a watch from there misses nothing. */
  async listAll(
    query: StreamQuery & { readonly signal?: AbortSignal } = {},
  ): Promise<ImageStreamList> {
    const first = await this.list({ ...query, limit: PAGE });
    const items = [...first.items];
    let next = first.metadata.continue;
    for (let pages = 1; next !== undefined; pages += 1) {
      if (pages >= MAX_PAGES) throw unintelligible(`the list has more than ${MAX_PAGES} pages`);
      const page = await this.list({ ...query, limit: PAGE, continue: next });
      items.push(...page.items);
      next = page.metadata.continue;
    }
    const { resourceVersion } = first.metadata;
    return { ...first, metadata: resourceVersion === undefined ? {} : { resourceVersion }, items };
  }

  /** Creates a stream in `metadata.namespace`. */
  create(stream: ImageStream, options: WriteOptions = {}): Promise<ImageStream> {
    const path = pathOf(stream.metadata.namespace ?? '');
    return this.#write({ method: 'POST', path, body: stream }, options);
  }

  /** Replaces a stream; `metadata.resourceVersion` must be the one that was read. */
  replace(stream: ImageStream, options: WriteOptions = {}): Promise<ImageStream> {
    const path = pathOf(stream.metadata.namespace ?? '', stream.metadata.name);
    return this.#write({ method: 'PUT', path, body: stream }, options);
  }

  /** Answers the Status Success that names what was deleted. */
  delete(key: StreamKey, options: DeleteOptions = {}): Promise<Status> {
    const { preconditions } = options;
    const body = {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      ...(preconditions && { preconditions }),
    };
    const path = pathOf(key.namespace, key.name);
    return this.#write({ method: 'DELETE', path, body }, options);
  }

  /**
   * What happens to the streams, in order, until the signal aborts. Without a resourceVersion the current streams come
   * first, as ADDED. A cut connection is taken up again where it was. Throws ApiError: 410 means list again.
   */
  watch(options: StreamQuery & WatchOptions = {}): AsyncGenerator<WatchEvent<ImageStream>, void> {
    const { namespace, ...rest } = options;
    return watchStreams(this.#connection, pathOf(namespace), rest);
  }

  #write<T>(
    request: { method: 'POST' | 'PUT' | 'DELETE'; path: string; body: unknown },
    { dryRun, signal }: WriteOptions,
  ): Promise<T> {
    const query = { dryRun: dryRun === true ? 'All' : undefined };
    return this.#connection.request({ ...request, query, signal });
  }
}

function pathOf(namespace?: string, name?: string): string {
  const group = '/apis/image.openshift.io/v1';
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const object = name === undefined ? '' : `/${encodeURIComponent(name)}`;
  return `${group}${scope}/imagestreams${object}`;
}
