import type { AccessToken } from '@tagtrail/api-client';
import { formatShortAge } from '@tagtrail/apimachinery';
import { type FoundObjects, type GetRequest, tableStyle } from '../streams/found-objects.ts';
import { type NamedResult, readNamed } from '../streams/read-named.ts';
import { type TableColumn, tableLines } from '../terminal/table.ts';
import { describeGrants } from './describe-grants.ts';

/** The access tokens of a request, for `get tokens`. Throws ApiError. */
export async function findTokens(request: GetRequest): Promise<FoundObjects> {
  const { found: tokens, refused } = await readTokens(request);
  const columns = tokenColumns(tableStyle(request));
  return { objects: tokens, refused, table: (room) => tableLines(columns, tokens, room) };
}

async function readTokens({ session, names }: GetRequest): Promise<NamedResult<AccessToken>> {
  const { accessTokens } = session.api;
  if (names.length > 0) return readNamed(names, (name) => accessTokens.get(name));
  return { found: await accessTokens.list(), refused: [] };
}

function tokenColumns(o: {
  readonly wide: boolean;
  readonly now: number;
}): readonly TableColumn<AccessToken>[] {
  const more: readonly TableColumn<AccessToken>[] = [
    { header: 'CREATED BY', cell: ({ status }) => status.createdBy },
    { header: 'EXPIRES AT', cell: ({ status }) => status.expirationTimestamp ?? '-' },
  ];
  return [
    { header: 'NAME', cell: ({ metadata }) => metadata.name },
    { header: 'ID', cell: ({ metadata }) => metadata.uid ?? '' },
    { header: 'ROLES', cell: ({ spec }) => describeGrants(spec.grants) },
    { header: 'EXPIRES', cell: ({ status }) => describeEnd(status, o.now) },
    {
      header: 'AGE',
      cell: ({ metadata }) => formatShortAge(o.now - Date.parse(metadata.creationTimestamp ?? '')),
    },
    ...(o.wide ? more : []),
  ];
}

/** The server's clock says whether a token has expired, this machine's only how long it still has. */
function describeEnd({ expired, expirationTimestamp }: AccessToken['status'], now: number): string {
  if (expired) return 'expired';
  if (expirationTimestamp === undefined) return 'never';
  return `in ${formatShortAge(Date.parse(expirationTimestamp) - now)}`;
}
