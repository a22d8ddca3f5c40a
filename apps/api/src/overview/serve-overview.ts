import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { servePath } from '../http/endpoints.ts';
import { queryFlag } from '../http/query.ts';
import type { OpenWatches } from '../watch/open-watches.ts';
import { streamFrames } from '../watch/stream-frames.ts';
import type { OverviewFeed } from './overview-feed.ts';
import { overviewFrames } from './overview-frames.ts';
import type { OverviewReader } from './overview-reader.ts';

/** ms that an overview is watched on one connection; readers come back by themselves. */
const LIFETIME = 3_600_000;

export interface ServedOverview {
  readonly reader: Pick<OverviewReader, 'get'>;
  readonly feed: OverviewFeed;
  /** Bounds how many listen at once. */
  readonly watches: OpenWatches;
  /** Names this run of the process; without `-`. */
  readonly run: string;
}

/** Serves the overview: once as JSON, or with `watch` each second as server-sent events. */
export function serveOverview(app: FastifyInstance, parts: ServedOverview): void {
  const answer = (request: FastifyRequest, reply: FastifyReply) =>
    queryFlag(request, 'watch') === true
      ? streamOverviews(parts, request, reply)
      : parts.reader.get();
  servePath(app, {
    url: '/apis/tagtrail.dev/v1/overview',
    resource: 'overview',
    // As a list: with `watch` it is counted as one.
    methods: { GET: { verb: 'list', answer } },
  });
}

async function streamOverviews(
  { feed, watches, run }: ServedOverview,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { signal, leave } = watches.enter(reply.raw, LIFETIME);
  const given = request.headers['last-event-id'];
  const lastEventId = typeof given === 'string' ? given : undefined;
  try {
    await streamFrames(reply, {
      contentType: 'text/event-stream',
      frames: overviewFrames(feed, { run, lastEventId, signal }),
      failure: () => new TextEncoder().encode(': the server failed\n\n'),
    });
  } finally {
    leave();
  }
}
