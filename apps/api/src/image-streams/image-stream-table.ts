import { formatAge } from '@tagtrail/apimachinery';
import { describeWorst, type ImageStream, type NamedTagEventList } from '@tagtrail/image-stream';
import type { StreamFreshness } from '../checks/freshness-reader.ts';
import {
  drawRows,
  FRESHNESS_COLUMN,
  type Table,
  type TableColumn,
  type TableRequest,
} from '../http/table.ts';
import { joinTags } from './join-tags.ts';

/** The columns of `oc get is`. Source: OpenShift's table printer for image streams. */
export const IMAGE_STREAM_COLUMNS: readonly TableColumn[] = [
  column('Name', 'name', 'Name of the image stream, unique in its namespace.'),
  column('Image Repository', '', 'Where the images of the stream can be pulled from.'),
  column('Tags', '', 'Tags with the newest image first.'),
  column('Updated', '', 'How long ago a tag of the stream last moved.'),
  FRESHNESS_COLUMN,
];

/**
 * Draws streams as a server-side Table. Freshness changes with time alone, so the frames of a watch, which come with
 * changes, don't tell it. Source: Kubernetes "Receiving resources as tables".
 */
export function drawTable(
  streams: readonly ImageStream[],
  request: TableRequest,
  freshness?: readonly StreamFreshness[],
): Table {
  const known = new Map(streams.map((stream, at) => [stream, freshness?.[at]]));
  const cellsOf = (stream: ImageStream, now: number) => [
    ...ownCells(stream, now),
    describeWorst([...(known.get(stream)?.values() ?? [])].map(({ state }) => state)),
  ];
  return drawRows(streams, { columns: IMAGE_STREAM_COLUMNS, cellsOf }, request);
}

function ownCells({ metadata, spec, status }: ImageStream, now: number): readonly string[] {
  const lists = newestFirst(status.tags ?? []);
  const [newest] = lists;
  const updated = newest === undefined ? Number.NEGATIVE_INFINITY : lastMove(newest);
  return [
    metadata.name,
    status.publicDockerImageRepository ||
      spec.dockerImageRepository ||
      status.dockerImageRepository,
    joinTags(lists.map(({ tag }) => tag)),
    Number.isFinite(updated) ? `${formatAge(now - updated)} ago` : '',
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

function column(name: string, format: string, description: string): TableColumn {
  return { name, type: 'string', format, description, priority: 0 };
}
