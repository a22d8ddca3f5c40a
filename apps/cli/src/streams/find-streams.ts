import type { ImageStream } from '@tagtrail/image-stream';
import { tableLines } from '../terminal/table.ts';
import { checksForWide } from './find-checks.ts';
import { type FoundObjects, type GetRequest, tableStyle } from './found-objects.ts';
import { type NamedResult, readNamed } from './read-named.ts';
import { streamColumns } from './stream-table.ts';

/** The streams of a request, for `get is`. Throws ApiError. */
export async function findStreams(request: GetRequest): Promise<FoundObjects> {
  const { found: streams, refused } = await readStreams(request);
  const checks = await checksForWide(request);
  const table: FoundObjects['table'] = (room) =>
    tableLines(streamColumns({ ...tableStyle(request), checks }), streams, room);
  return { objects: streams, refused, table };
}

async function readStreams(request: GetRequest): Promise<NamedResult<ImageStream>> {
  const { session, names, namespace, flags } = request;
  const { streams } = session.api;
  if (names.length > 0) {
    const key = { namespace: session.namespace };
    return readNamed(names, (name) => streams.get({ ...key, name }));
  }
  const list = await streams.listAll({
    ...(namespace !== undefined && { namespace }),
    ...(flags.selector !== undefined && { labelSelector: flags.selector }),
  });
  return { found: list.items, refused: [] };
}
