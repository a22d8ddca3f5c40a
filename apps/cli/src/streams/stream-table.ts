import type { ImageStream, NamedTagEventList } from '@tagtrail/image-stream';
import { ageAgo } from '../terminal/relative-age.ts';
import type { TableColumn } from '../terminal/table.ts';
import { type KnownChecks, streamFreshness } from './tell-freshness.ts';

/** Characters that the list of tags aims at, a comma for each included. */
const TAGS_WIDTH = 40;
const SOFT_EDGE = TAGS_WIDTH / 4;

/** The columns of `get is`; wide ones show all tags, and which of them fail. `now` in ms since the epoch. */
export function streamColumns(o: {
  readonly wide: boolean;
  readonly withNamespace: boolean;
  readonly now: number;
  /** What tells how fresh tags are; without it, nothing does. */
  readonly checks?: KnownChecks | undefined;
}): readonly TableColumn<ImageStream>[] {
  const { checks } = o;
  const freshness: TableColumn<ImageStream>[] =
    checks === undefined
      ? []
      : [{ header: 'FRESHNESS', cell: ({ metadata }) => streamFreshness(checks, metadata) }];
  const wide: readonly TableColumn<ImageStream>[] = [
    { header: 'FAILING', cell: (stream) => failingTags(stream).join(',') },
    ...freshness,
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

/** As many tags as fit the budget, at least one, and how many more there are. Source: the ImageStream table of OpenShift. */
function joinTags(tags: readonly string[], budget: number): string {
  const shown = countFitting(tags, budget);
  const hidden = tags.length - shown;
  return `${tags.slice(0, shown).join(',')}${hidden === 0 ? '' : ` + ${hidden} more...`}`;
}

/** A tag that overshoots is kept if it begins before the budget's last quarter and ends within a quarter beyond it. */
function countFitting(tags: readonly string[], budget: number): number {
  let remaining = budget;
  for (const [index, tag] of tags.entries()) {
    remaining -= tag.length + 1;
    if (remaining >= 0 || index === 0) continue;
    const overshootsLittle = remaining + tag.length > SOFT_EDGE && -remaining <= SOFT_EDGE;
    if (!overshootsLittle) return index;
  }
  return tags.length;
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
