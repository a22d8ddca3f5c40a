import { formatShortAge } from '@tagtrail/apimachinery';
import type { PullSecret } from '@tagtrail/pull-secrets';
import { type FoundObjects, type GetRequest, tableStyle } from '../streams/found-objects.ts';
import { type NamedResult, readNamed } from '../streams/read-named.ts';
import { type TableColumn, tableLines } from '../terminal/table.ts';

/** The secrets of a request, for `get secrets`. Throws ApiError. */
export async function findSecrets(request: GetRequest): Promise<FoundObjects> {
  const { found: secrets, refused } = await readSecrets(request);
  const columns = secretColumns(tableStyle(request));
  return { objects: secrets, refused, table: (room) => tableLines(columns, secrets, room) };
}

async function readSecrets(request: GetRequest): Promise<NamedResult<PullSecret>> {
  const { session, names, namespace, flags } = request;
  const { secrets } = session.api;
  if (names.length > 0) {
    const key = { namespace: session.namespace };
    return readNamed(names, (name) => secrets.get({ ...key, name }));
  }
  const found = await secrets.listAll({
    ...(namespace !== undefined && { namespace }),
    ...(flags.selector !== undefined && { labelSelector: flags.selector }),
  });
  return { found, refused: [] };
}

/** Source: the Secret table of Kubernetes. */
function secretColumns(o: {
  readonly withNamespace: boolean;
  readonly now: number;
}): readonly TableColumn<PullSecret>[] {
  const namespace: TableColumn<PullSecret> = {
    header: 'NAMESPACE',
    cell: ({ metadata }) => metadata.namespace ?? '',
  };
  const age = ({ metadata }: PullSecret) =>
    formatShortAge(o.now - Date.parse(metadata.creationTimestamp ?? ''));
  return [
    ...(o.withNamespace ? [namespace] : []),
    { header: 'NAME', cell: ({ metadata }) => metadata.name },
    { header: 'TYPE', cell: ({ type }) => type },
    { header: 'DATA', cell: ({ data }) => String(Object.keys(data).length) },
    { header: 'AGE', cell: age },
  ];
}
