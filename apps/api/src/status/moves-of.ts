import { latestEvent } from '@tagtrail/image-stream';
import type { Change } from '../watch/change.ts';

/** A tag that points to something else than before. */
export interface Move {
  readonly namespace: string;
  readonly name: string;
  readonly tag: string;
  /** Digest, or pull spec of a reference tag; null when the tag had none. */
  readonly from: string | null;
  readonly to: string;
  /** RFC 3339: when the move was recorded. */
  readonly at: string;
}

/** The moves in one change of a stream: tags whose newest event is for another image. */
export function movesOf({ key, before, after }: Change): readonly Move[] {
  return (after?.status.tags ?? []).flatMap(({ tag, items }): Move[] => {
    const head = items?.[0];
    if (head === undefined) return [];
    const previous = before === undefined ? undefined : latestEvent(before, tag);
    const to = head.image || head.dockerImageReference;
    const from = previous ? previous.image || previous.dockerImageReference : null;
    return from === to ? [] : [{ ...key, tag, from, to, at: head.created }];
  });
}
