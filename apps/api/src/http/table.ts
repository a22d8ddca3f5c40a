import type { ListMeta, ObjectMeta } from '@tagtrail/apimachinery';
import type { TableVersion } from './representation.ts';
import type { IncludeObject } from './table-request.ts';

export interface TableColumn {
  readonly name: string;
  readonly type: 'string';
  readonly format: string;
  readonly description: string;
  /** 0 is always shown; 1 only with `-o wide`. */
  readonly priority: number;
}

/** Ours, not OpenShift's: so it is shown only to those who ask for more. */
export const FRESHNESS_COLUMN: TableColumn = {
  name: 'Freshness',
  type: 'string',
  format: '',
  description: 'Whether what is recorded can be believed to be what the registry has now.',
  priority: 1,
};

export interface Table {
  readonly kind: 'Table';
  readonly apiVersion: `meta.k8s.io/${TableVersion}`;
  readonly metadata: ListMeta;
  /** null in all frames of a watch but the first. */
  readonly columnDefinitions: readonly TableColumn[] | null;
  readonly rows: readonly { readonly cells: readonly string[]; readonly object?: unknown }[];
}

export interface TableRequest {
  readonly version: TableVersion;
  readonly includeObject: IncludeObject;
  readonly metadata: ListMeta;
  readonly columns: boolean;
  /** ms since the epoch; ages are counted back from here. */
  readonly now: number;
}

/** How objects of one kind are drawn. */
export interface TableLayout<T> {
  readonly columns: readonly TableColumn[];
  readonly cellsOf: (object: T, now: number) => readonly string[];
}

/** Draws objects as a server-side Table. Source: Kubernetes "Receiving resources as tables". */
export function drawRows<T extends { readonly metadata: ObjectMeta }>(
  objects: readonly T[],
  layout: TableLayout<T>,
  request: TableRequest,
): Table {
  const { version, includeObject, metadata, columns, now } = request;
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${version}`,
    metadata,
    columnDefinitions: columns ? layout.columns : null,
    rows: objects.map((object) => ({
      cells: layout.cellsOf(object, now),
      ...rowObject(object, includeObject, version),
    })),
  };
}

function rowObject(
  object: { readonly metadata: ObjectMeta },
  include: IncludeObject,
  version: TableVersion,
) {
  if (include === 'None') return {};
  if (include === 'Object') return { object };
  const { metadata } = object;
  return {
    object: { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata },
  };
}
