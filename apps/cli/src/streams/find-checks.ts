import type { ImageStreamCheck } from '@tagtrail/api-client';
import { tableLines } from '../terminal/table.ts';
import { checkColumns, checkRows } from './check-table.ts';
import { type FoundObjects, type GetRequest, tableStyle } from './found-objects.ts';
import { isNotFound, noStream } from './no-stream.ts';
import { type NamedResult, readNamed } from './read-named.ts';
import { type KnownChecks, knownChecks } from './tell-freshness.ts';

/** The check states of a request, for `get checks`. Throws ApiError. */
export async function findChecks(request: GetRequest): Promise<FoundObjects> {
  const { found: checks, refused } = await readChecks(request);
  const table: FoundObjects['table'] = (room) =>
    tableLines(checkColumns(tableStyle(request)), checkRows(checks), room);
  return { objects: checks, refused, table };
}

/** Checks come in pages; a page's size is the server's choice. */
async function readChecks(request: GetRequest): Promise<NamedResult<ImageStreamCheck>> {
  const { session, names } = request;
  const { checks } = session.api;
  if (names.length > 0) {
    return readNamed(names, (name) => {
      const key = { namespace: session.namespace, name };
      return checks.get(key).catch((error: unknown) => {
        throw isNotFound(error) ? noStream(key) : error;
      });
    });
  }
  return { found: await listChecks(request), refused: [] };
}

/** The checks of a request's streams or tags, for tables that show how fresh tags are; undefined when none shall. */
export async function checksForWide(request: GetRequest): Promise<KnownChecks | undefined> {
  const { session, names, flags } = request;
  if (flags.output !== 'wide') return undefined;
  if (names.length === 0) return knownChecks(await listChecks(request));
  const { namespace } = session;
  const streams = new Set(names.map((name) => name.split(':', 1)[0] ?? ''));
  // One that is not there is told by whoever looks for it itself.
  const found = await Promise.all(
    [...streams].map((name) =>
      session.api.checks.get({ namespace, name }).catch((error: unknown) => {
        if (isNotFound(error)) return [];
        throw error;
      }),
    ),
  );
  return knownChecks(found.flat());
}

async function listChecks({
  session,
  namespace,
}: Pick<GetRequest, 'session' | 'namespace'>): Promise<readonly ImageStreamCheck[]> {
  const all: ImageStreamCheck[] = [];
  let next: string | undefined;
  do {
    const page = await session.api.checks.list({
      ...(namespace !== undefined && { namespace }),
      ...(next !== undefined && { continue: next }),
    });
    all.push(...page.items);
    next = page.metadata.continue;
  } while (next !== undefined);
  return all;
}
