import type { ImageStreams, StreamQuery } from '@tagtrail/api-client';
import { followStreams } from '../connection/follow-streams.ts';
import { createMoveTracker, type TagMove } from './tag-move.ts';

/** Every move from now on, in order, until the signal aborts; also what happened while a connection was cut. Throws ApiError. */
export async function* followMoves(
  streams: Pick<ImageStreams, 'listAll' | 'watch'>,
  query: StreamQuery,
  o: {
    readonly signal: AbortSignal;
    readonly onStart?: () => void;
    /** ms since the epoch: moves of the first list that were recorded then or later come first. */
    readonly since?: number;
  },
): AsyncGenerator<TagMove, void> {
  const tracker = createMoveTracker();
  let { since } = o;
  for await (const { kind, streams: seen } of followStreams(streams, query, o.signal)) {
    for (const stream of seen) {
      if (kind === 'known') yield* tracker.adopt(stream, since);
      else if (kind === 'deleted') tracker.forget(stream);
      else yield* tracker.observe(stream);
    }
    if (kind === 'known') {
      since = undefined;
      o.onStart?.();
    }
  }
}
