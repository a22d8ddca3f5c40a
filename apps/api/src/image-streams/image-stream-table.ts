import type { ListMeta } from '@tagtrail/apimachinery';
import type { ImageStream, NamedTagEventList } from '@tagtrail/image-stream';
import type { TableVersion } from '../http/representation.ts';
import { humanAge } from './human-age.ts';
import { joinTags } from './join-tags.ts';

/** What a row carries beside its cells. Source: Kubernetes meta/v1 `IncludeObjectPolicy`. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

export interface TableColumn {
  readonly name: string;
  readonly type: 'string';
  readonly format: string;
  readonly description: string;
  /** 0 is always shown; 1 only with `-o wide`. */
  readonly priority: number;
}

export interface Table {
  readonly kind: 'Table';
  readonly apiVersion: `meta.k8s.io/${TableVersion}`;
  readonly metadata: ListMeta;
  /** null in all frames of a watch but the first. */
  readonly columnDefinitions: readonly TableColumn[] | null;
  readonly rows: readonly { readonly cells: readonly string[]; readonly object?: unknown }[];
}

/** The columns of `oc get is`. Source: OpenShift's table printer for image streams. */
export const IMAGE_STREAM_COLUMNS: readonly TableColumn[] = [
  column('Name', 'name', 'Name of the image stream, unique in its namespace.'),
  column('Image Repository', '', 'Where the images of the stream can be pulled from.'),
  column('Tags', '', 'Tags with the newest image first.'),
  column('Updated', '', 'How long ago a tag of the stream last moved.'),
];

export interface TableRequest {
  readonly version: TableVersion;
  readonly includeObject: IncludeObject;
  readonly metadata: ListMeta;
  readonly columns: boolean;
  /** ms since the epoch; ages are counted back from here. */
  readonly now: number;
}

/** Draws streams as a server-side Table. Source: Kubernetes "Receiving resources as tables". */
export function drawTable(streams: readonly ImageStream[], request: TableRequest): Table {
  const { version, includeObject, metadata, columns, now } = request;
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${version}`,
    metadata,
    columnDefinitions: columns ? IMAGE_STREAM_COLUMNS : null,
    rows: streams.map((stream) => ({
      cells: cellsOf(stream, now),
      ...rowObject(stream, includeObject, version),
    })),
  };
}

function cellsOf({ metadata, spec, status }: ImageStream, now: number): readonly string[] {
  const lists = newestFirst(status.tags ?? []);
  const [newest] = lists;
  const updated = newest === undefined ? Number.NEGATIVE_INFINITY : lastMove(newest);
  return [
    metadata.name,
    status.publicDockerImageRepository ||
      spec.dockerImageRepository ||
      status.dockerImageRepository,
    joinTags(lists.map(({ tag }) => tag)),
    Number.isFinite(updated) ? `${humanAge(now - updated)} ago` : '',
  ];
}

/** Whole seconds decide, then names; tags without an event come last. */
function newestFirst(lists: readonly NamedTagEventList[]): readonly NamedTagEventList[] {
  return lists.toSorted((a, b) => {
    const [at, bt] = [lastMove(a), lastMove(b)];
    if (at !== bt) return at < bt ? 1 : -1;
    return a.tag < b.tag ? -1 : 1;
  });
}

function lastMove({ items }: NamedTagEventList): number {
  const created = items?.[0]?.created;
  return created === undefined ? Number.NEGATIVE_INFINITY : Date.parse(created);
}

function rowObject(stream: ImageStream, include: IncludeObject, version: TableVersion) {
  if (include === 'None') return {};
  if (include === 'Object') return { object: stream };
  const { metadata } = stream;
  return {
    object: { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata },
  };
}

function column(name: string, format: string, description: string): TableColumn {
  return { name, type: 'string', format, description, priority: 0 };
}
