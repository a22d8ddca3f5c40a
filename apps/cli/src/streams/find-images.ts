import type { ImageStreamTag } from '@tagtrail/api-client';
import { tableLines } from '../terminal/table.ts';
import { type FoundObjects, type GetRequest, tableStyle } from './found-objects.ts';
import { imageColumns, streamImageColumns, streamTagColumns } from './image-table.ts';

/** The tags of a request, for `get istag`. Throws ApiError. */
export async function findStreamTags(request: GetRequest): Promise<FoundObjects> {
  const tags = await readTags(request);
  const table: FoundObjects['table'] = (room) =>
    tableLines(streamTagColumns(tableStyle(request)), tags, room);
  return { objects: tags, table };
}

async function readTags(request: GetRequest): Promise<readonly ImageStreamTag[]> {
  const { session, names, namespace, flags } = request;
  const { tags } = session.api;
  if (names.length > 0) {
    const key = { namespace: session.namespace };
    return Promise.all(names.map((name) => tags.get({ ...key, name })));
  }
  return tags.listAll({
    ...(namespace !== undefined && { namespace }),
    ...(flags.selector !== undefined && { labelSelector: flags.selector }),
  });
}

/** The images that are named `stream@digest`, for `get isimage`. Throws ApiError. */
export async function findStreamImages(request: GetRequest): Promise<FoundObjects> {
  const { session, names } = request;
  const { namespace } = session;
  const images = await Promise.all(
    names.map((name) => session.api.images.getOfStream({ namespace, name })),
  );
  const table: FoundObjects['table'] = (room) =>
    tableLines(streamImageColumns(tableStyle(request)), images, room);
  return { objects: images, table };
}

/** The images that are named by their digests, for `get image`. Throws ApiError. */
export async function findImages({ session, names }: GetRequest): Promise<FoundObjects> {
  const images = await Promise.all(names.map((name) => session.api.images.get(name)));
  return { objects: images, table: (room) => tableLines(imageColumns, images, room) };
}
