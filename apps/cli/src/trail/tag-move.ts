import type { ImageStream, TagEvent } from '@tagtrail/image-stream';

/** A tag that points to another image than before. Also what `watch -o json` prints, one per line. */
export interface TagMove {
  readonly namespace: string;
  readonly name: string;
  readonly tag: string;
  /** Digest before; null when this is the first one. */
  readonly from: string | null;
  readonly to: string;
  readonly dockerImageReference: string;
  /** RFC 3339 UTC, whole seconds: when Tagtrail recorded it. */
  readonly created: string;
}

/** Events of a tag that are remembered to recognise where a newer list goes on. More only matter after a gap as long. */
const REMEMBERED_EVENTS = 8;

/** Remembers where every tag was, and tells moves from other changes of a stream. */
export interface MoveTracker {
  /** Takes a stream as it is: the state to start from. Answers the moves of it that were recorded at `since` (ms) or later. */
  adopt(stream: ImageStream, since?: number): readonly TagMove[];
  /** The moves since this stream was seen last, oldest first; several when a watch had a gap. */
  observe(stream: ImageStream): readonly TagMove[];
  forget(stream: ImageStream): void;
}

type TagTrail = ReadonlyMap<string, readonly TagEvent[]>;

export function createMoveTracker(): MoveTracker {
  const trails = new Map<string, TagTrail>();
  const remember = (stream: ImageStream) => trails.set(streamId(stream), trailOf(stream));
  return {
    adopt: (stream, since = Number.POSITIVE_INFINITY) => {
      remember(stream);
      return movesSince(stream, since);
    },
    observe: (stream) => {
      const before = trails.get(streamId(stream));
      remember(stream);
      return (stream.status.tags ?? []).flatMap(({ tag, items }) =>
        eventMoves(before?.get(tag) ?? [], items ?? []).map((step) => toMove(stream, tag, step)),
      );
    },
    forget: (stream) => void trails.delete(streamId(stream)),
  };
}

/** Records have whole seconds, so what was recorded within the second of `since` counts. A tag's first image is no move. */
function movesSince(stream: ImageStream, since: number): readonly TagMove[] {
  const start = Math.floor(since / 1000) * 1000;
  return (stream.status.tags ?? []).flatMap(({ tag, items }) => {
    const recent = (items ?? []).filter(({ created }) => Date.parse(created) >= start);
    const older = (items ?? []).slice(recent.length, recent.length + 1);
    if (older.length === 0) return [];
    return eventMoves(older, [...recent, ...older]).map((step) => toMove(stream, tag, step));
  });
}

/** A stream that was deleted and made anew is another one: its uid differs. */
function streamId({ metadata }: ImageStream): string {
  return `${metadata.namespace}/${metadata.name}/${metadata.uid}`;
}

function trailOf(stream: ImageStream): TagTrail {
  return new Map(
    (stream.status.tags ?? []).map(({ tag, items }) => [
      tag,
      (items ?? []).slice(0, REMEMBERED_EVENTS),
    ]),
  );
}

interface Step {
  readonly from: string | null;
  readonly event: TagEvent;
}

/** Both lists newest first; the answer oldest first. Events without an image (reference tags) are no moves. */
function eventMoves(before: readonly TagEvent[], after: readonly TagEvent[]): readonly Step[] {
  const added = countAdded(before, after);
  const stays = [...after.slice(0, added).toReversed()];
  // The newest remembered event may have been amended in place; then its image counts as a move too.
  const amended = after[added];
  if (amended !== undefined && before.length > 0) stays.unshift(amended);
  let from = before[0]?.image ?? null;
  return stays.flatMap((event) => {
    const step = { from, event };
    from = event.image;
    return event.image === '' || event.image === step.from ? [] : [step];
  });
}

/** How many events are newer than the remembered ones: the smallest shift under which both lists tell the same story. */
function countAdded(before: readonly TagEvent[], after: readonly TagEvent[]): number {
  if (before.length === 0) return after.length;
  const exact = smallestShift(before, after, sameStay);
  // An amended event keeps its time but not its image.
  return exact < after.length ? exact : smallestShift(before, after, sameTime);
}

function smallestShift(
  before: readonly TagEvent[],
  after: readonly TagEvent[],
  same: (one: TagEvent, other: TagEvent) => boolean,
): number {
  for (let shift = 0; shift < after.length; shift += 1) {
    const overlap = after.slice(shift, shift + before.length);
    if (overlap.every((event, index) => same(event, before[index] as TagEvent))) return shift;
  }
  return after.length;
}

function sameStay(one: TagEvent, other: TagEvent): boolean {
  return one.image === other.image && sameTime(one, other);
}

function sameTime(one: TagEvent, other: TagEvent): boolean {
  return one.created === other.created;
}

function toMove({ metadata }: ImageStream, tag: string, { from, event }: Step): TagMove {
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    tag,
    from: from === '' ? null : from,
    to: event.image,
    dockerImageReference: event.dockerImageReference,
    created: event.created,
  };
}
