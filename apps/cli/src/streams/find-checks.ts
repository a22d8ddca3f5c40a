import type { ImageStreamCheck } from '@tagtrail/api-client';
import { tableLines } from '../terminal/table.ts';
import { checkColumns, checkRows } from './check-table.ts';
import { type FoundObjects, type GetRequest, tableStyle } from './found-objects.ts';
import { isNotFound, noStream } from './no-stream.ts';
import { type NamedResult, readNamed } from './read-named.ts';

/** The check states of a request, for `get checks`. Throws ApiError. */
export async function findChecks(request: GetRequest): Promise<FoundObjects> {
  const { found: checks, refused } = await readChecks(request);
  const table: FoundObjects['table'] = (room) =>
    tableLines(checkColumns(tableStyle(request)), checkRows(checks), room);
  return { objects: checks, refused, table };
}

/** Checks come in pages; a page's size is the server's choice. */
async function readChecks({
  session,
  names,
  namespace,
}: GetRequest): Promise<NamedResult<ImageStreamCheck>> {
  const { checks } = session.api;
  if (names.length > 0) {
    return readNamed(names, (name) => {
      const key = { namespace: session.namespace, name };
      return checks.get(key).catch((error: unknown) => {
        throw isNotFound(error) ? noStream(key) : error;
      });
    });
  }
  const all: ImageStreamCheck[] = [];
  let next: string | undefined;
  do {
    const page = await checks.list({
      ...(namespace !== undefined && { namespace }),
      ...(next !== undefined && { continue: next }),
    });
    all.push(...page.items);
    next = page.metadata.continue;
  } while (next !== undefined);
  return { found: all, refused: [] };
}
