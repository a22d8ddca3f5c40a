import { compareResourceVersions, gone, type ListMeta, timeout } from '@tagtrail/apimachinery';
import {
  IMAGE_API_VERSION,
  type ImageStream,
  type ImageStreamStore,
  type StreamList,
} from '@tagtrail/image-stream';
import { StatusError } from '../status-error.ts';
import { type Selection, selects } from '../watch/selection.ts';

/** Streams in one answer at most, asked or not; about 25 MB of typical ones. The rest is behind `continue`. */
const MAX_LIST = 5_000;
/** Streams asked of the store at once. */
const PAGE = 500;
/** Pages read for one answer at most: a selector that matches little gets a short page rather than a long wait. */
const MAX_PAGES = 200;

export interface ListRequest {
  readonly selection: Selection;
  readonly limit?: number;
  readonly continue?: string;
  /** The client wants nothing older than this, or exactly this. */
  readonly resourceVersion?: string;
  readonly exact?: boolean;
}

export interface ImageStreamList {
  readonly kind: 'ImageStreamList';
  readonly apiVersion: typeof IMAGE_API_VERSION;
  readonly metadata: ListMeta;
  readonly items: readonly ImageStream[];
}

/** Lists the selected streams, a page of them when there are many. Throws StatusError. */
export async function listStreams(
  streams: Pick<ImageStreamStore, 'list'>,
  request: ListRequest,
): Promise<ImageStreamList> {
  const { selection } = request;
  const wanted = Math.min(request.limit ?? MAX_LIST, MAX_LIST);
  const items: ImageStream[] = [];
  let page = await readPage(streams, selection, { limit: wanted, continue: request.continue });
  for (let pages = 1; ; pages += 1) {
    items.push(...page.items.filter((stream) => selects(selection, stream)));
    const isDone = page.continue === undefined || items.length >= wanted || pages >= MAX_PAGES;
    if (isDone) break;
    const rest = { limit: wanted - items.length, continue: page.continue };
    page = await readPage(streams, selection, rest);
  }
  checkVersion(request, page.resourceVersion);
  const remaining = isFiltered(selection) ? undefined : page.remainingItemCount;
  const metadata = {
    resourceVersion: page.resourceVersion,
    ...(page.continue !== undefined && { continue: page.continue }),
    ...(page.continue !== undefined && remaining && { remainingItemCount: remaining }),
  };
  return { kind: 'ImageStreamList', apiVersion: IMAGE_API_VERSION, metadata, items };
}

function readPage(
  streams: Pick<ImageStreamStore, 'list'>,
  { namespace }: Selection,
  page: { readonly limit: number; readonly continue: string | undefined },
): Promise<StreamList> {
  return streams.list({
    limit: Math.min(page.limit, PAGE),
    ...(namespace !== undefined && { namespace }),
    ...(page.continue !== undefined && { continue: page.continue }),
  });
}

function isFiltered({ labels, fields }: Selection): boolean {
  return labels !== undefined || fields !== undefined;
}

/** Only the newest state is kept, so an exact older one is gone. Source: Kubernetes "Semantics for get and list". */
function checkVersion({ resourceVersion, exact }: ListRequest, current: string): void {
  if (resourceVersion === undefined || resourceVersion === '0') return;
  const order = compareResourceVersions(resourceVersion, current);
  if (order > 0) {
    const message = `Too large resource version: ${resourceVersion}, current: ${current}`;
    throw new StatusError(timeout(message));
  }
  if (order < 0 && exact === true) {
    const message = `resource version ${resourceVersion} is not kept, the current one is ${current}`;
    throw new StatusError(gone(message));
  }
}
