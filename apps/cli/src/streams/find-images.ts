import type { ImageStreamTag } from '@tagtrail/api-client';
import { tableLines } from '../terminal/table.ts';
import { checksForWide } from './find-checks.ts';
import { type FoundObjects, type GetRequest, tableStyle } from './found-objects.ts';
import { imageColumns, streamImageColumns, streamTagColumns } from './image-table.ts';
import { type NamedResult, readNamed } from './read-named.ts';

/** The tags of a request, for `get istag`. Throws ApiError. */
export async function findStreamTags(request: GetRequest): Promise<FoundObjects> {
  const { found: tags, refused } = await readTags(request);
  const checks = await checksForWide(request);
  const table: FoundObjects['table'] = (room) =>
    tableLines(streamTagColumns({ ...tableStyle(request), checks }), tags, room);
  return { objects: tags, refused, table };
}

async function readTags(request: GetRequest): Promise<NamedResult<ImageStreamTag>> {
  const { session, names, namespace, flags } = request;
  const { tags } = session.api;
  if (names.length > 0) {
    const key = { namespace: session.namespace };
    return readNamed(names, (name) => tags.get({ ...key, name }));
  }
  const found = await tags.listAll({
    ...(namespace !== undefined && { namespace }),
    ...(flags.selector !== undefined && { labelSelector: flags.selector }),
  });
  return { found, refused: [] };
}

/** The images that are named `stream@digest`, for `get isimage`. Throws ApiError. */
export async function findStreamImages(request: GetRequest): Promise<FoundObjects> {
  const { session, names } = request;
  const { namespace } = session;
  const { found: images, refused } = await readNamed(names, (name) =>
    session.api.images.getOfStream({ namespace, name }),
  );
  const table: FoundObjects['table'] = (room) =>
    tableLines(streamImageColumns(tableStyle(request)), images, room);
  return { objects: images, refused, table };
}

/** The images that are named by their digests, for `get image`. Throws ApiError. */
export async function findImages({ session, names }: GetRequest): Promise<FoundObjects> {
  const { found: images, refused } = await readNamed(names, (name) => session.api.images.get(name));
  return { objects: images, refused, table: (room) => tableLines(imageColumns, images, room) };
}
