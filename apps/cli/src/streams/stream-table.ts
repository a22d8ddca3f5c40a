import type { ImageStream, NamedTagEventList } from '@tagtrail/image-stream';
import { ageAgo } from '../terminal/relative-age.ts';
import type { TableColumn } from '../terminal/table.ts';

/** Characters that the list of tags aims at. */
const TAGS_WIDTH = 40;

/** The columns of `get is`; wide ones show all tags, and which of them fail. `now` in ms since the epoch. */
export function streamColumns(o: {
  readonly wide: boolean;
  readonly withNamespace: boolean;
  readonly now: number;
}): readonly TableColumn<ImageStream>[] {
  const wide: readonly TableColumn<ImageStream>[] = [
    { header: 'FAILING', cell: (stream) => failingTags(stream).join(',') },
    { header: 'AGE', cell: ({ metadata }) => ageAgo(metadata.creationTimestamp, o.now) },
  ];
  const namespace: TableColumn<ImageStream> = {
    header: 'NAMESPACE',
    cell: ({ metadata }) => metadata.namespace ?? '',
  };
  return [
    ...(o.withNamespace ? [namespace] : []),
    { header: 'NAME', cell: ({ metadata }) => metadata.name },
    { header: 'IMAGE REPOSITORY', cell: repositoryOf },
    {
      header: 'TAGS',
      cell: (stream) =>
        joinTags(tagsNewestFirst(stream), o.wide ? Number.POSITIVE_INFINITY : TAGS_WIDTH),
    },
    { header: 'UPDATED', cell: (stream) => ageAgo(newestEvent(stream), o.now) },
    ...(o.wide ? wide : []),
  ];
}

/** Source: the ImageStream table of OpenShift. */
function repositoryOf({ spec, status }: ImageStream): string {
  return (
    status.publicDockerImageRepository || spec.dockerImageRepository || status.dockerImageRepository
  );
}

function tagsNewestFirst({ status }: ImageStream): readonly string[] {
  return (status.tags ?? [])
    .toSorted((a, b) => compare(created(b), created(a)) || compare(a.tag, b.tag))
    .map(({ tag }) => tag);
}

function newestEvent({ status }: ImageStream): string | undefined {
  return (status.tags ?? []).map(created).toSorted(compare).at(-1) || undefined;
}

/** RFC 3339 UTC, so that times compare as texts; empty for a tag without an image. */
function created({ items }: NamedTagEventList): string {
  return items?.[0]?.created ?? '';
}

/** As many tags as fit the width, at least one, and how many more there are. */
function joinTags(tags: readonly string[], width: number): string {
  let shown = 0;
  for (let length = 0; shown < tags.length; shown += 1) {
    length += (tags[shown]?.length ?? 0) + 1;
    if (length > width + 1 && shown > 0) break;
  }
  const hidden = tags.length - shown;
  return `${tags.slice(0, shown).join(',')}${hidden === 0 ? '' : ` + ${hidden} more...`}`;
}

function failingTags({ status }: ImageStream): readonly string[] {
  return (status.tags ?? [])
    .filter(({ conditions }) => conditions?.some(({ status: state }) => state === 'False'))
    .map(({ tag }) => tag);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
