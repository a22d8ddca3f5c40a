import { formatShortAge } from '@tagtrail/apimachinery';
import type { PullSecret } from '@tagtrail/pull-secrets';
import type { TableColumn, TableLayout } from '../http/table.ts';

/** The table of `kubectl get secrets`. Source: Kubernetes' table printer. */
export const SECRET_LAYOUT: TableLayout<PullSecret> = {
  columns: [
    column('Name', 'Name of the secret, unique in its namespace.', 'name'),
    column('Type', 'How its contents are written.'),
    column('Data', 'How many values it holds.'),
    column('Age', 'How long ago it was created.'),
  ],
  cellsOf: ({ metadata, type, data }, now) => [
    metadata.name,
    type,
    String(Object.keys(data).length),
    formatShortAge(now - Date.parse(metadata.creationTimestamp ?? '')),
  ],
};

function column(name: string, description: string, format = ''): TableColumn {
  return { name, type: 'string', format, description, priority: 0 };
}
