import type { ImageStreamStore } from '@tagtrail/image-stream';
import type { FastifyReply } from 'fastify';
import type { Representation } from '../http/representation.ts';
import type { IncludeObject } from '../http/table-request.ts';
import type { ListOptions } from '../image-streams/list-options.ts';
import { encodeFrame } from './change.ts';
import type { ChangeFollower } from './follow-changes.ts';
import { createFrameRenderer } from './frame-renderer.ts';
import type { OpenWatches } from './open-watches.ts';
import { streamFrames } from './stream-frames.ts';
import { WatchFrames, type WatchRequest } from './watch-frames.ts';
import { withKnownFailures } from './with-known-failures.ts';

/** A watch ends after this many seconds at the latest, so that connections move on when servers change. */
const MAX_SECONDS = 3_600;
/** The shortest time a client that names none gets; the longest is MAX_SECONDS. Spread, so that not all come back at once. */
const DEFAULT_MIN_SECONDS = 1_800;
/** ms between bookmarks. */
const BOOKMARK_INTERVAL = 60_000;

export interface WatchParts {
  readonly streams: Pick<ImageStreamStore, 'list'>;
  readonly follower: ChangeFollower;
  readonly watches: OpenWatches;
  /** ms since the epoch. */
  readonly now: () => number;
  /** The Status of what cut a watch off that was under way. */
  readonly statusOf: (error: unknown) => unknown;
}

export interface WatchAnswer {
  readonly options: ListOptions;
  readonly representation: Representation;
  readonly includeObject: IncludeObject;
}

/** Answers a watch on image streams; returns when it has ended. Throws StatusError when it can't start. */
export async function watchStreams(
  parts: WatchParts,
  reply: FastifyReply,
  answer: WatchAnswer,
): Promise<void> {
  const { streams, follower, watches, now, statusOf } = parts;
  const { options } = answer;
  const { signal, leave } = watches.enter(reply.raw, lifetime(options.timeoutSeconds));
  const renderer = createFrameRenderer({ ...answer, now });
  const clock = () => performance.now();
  const watch = { streams, follower, renderer, bookmarkInterval: BOOKMARK_INTERVAL, clock };
  try {
    await streamFrames(reply, {
      contentType: 'application/json',
      frames: withKnownFailures(new WatchFrames(watch, watchRequest(options)).run(signal)),
      failure: (error) => encodeFrame('ERROR', statusOf(error)),
    });
  } finally {
    leave();
  }
}

/** What the options ask for. Source: Kubernetes "Semantics for watch" and "Streaming lists". */
export function watchRequest(options: ListOptions): WatchRequest {
  const { selection, resourceVersion, sendInitialEvents, bookmarks } = options;
  const fromNow = resourceVersion === undefined || resourceVersion === '0';
  const replay = sendInitialEvents ?? fromNow;
  return {
    selection,
    resourceVersion: fromNow ? undefined : resourceVersion,
    replay,
    markEndOfReplay: replay && sendInitialEvents === true && bookmarks,
    bookmarks,
  };
}

/** ms; 0 seconds counts as none named. */
function lifetime(seconds: number | undefined): number {
  const spread = DEFAULT_MIN_SECONDS + Math.random() * (MAX_SECONDS - DEFAULT_MIN_SECONDS);
  return Math.round(Math.min(seconds || spread, MAX_SECONDS) * 1_000);
}
