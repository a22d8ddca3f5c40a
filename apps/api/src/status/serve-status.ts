import type { HealthCheck, Metrics } from '@tagtrail/observability';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FreshValue } from '../fresh-value.ts';
import { servePath } from '../http/endpoints.ts';
import type { OpenWatches } from '../watch/open-watches.ts';
import { streamFrames } from '../watch/stream-frames.ts';
import { moveFrames } from './move-frames.ts';
import type { MoveLog } from './move-log.ts';
import type { QueueReport } from './queue-report.ts';

/** ms that somebody may follow the moves on one connection; clients of server-sent events come back by themselves. */
const MOVES_LIFETIME = 3_600_000;

export interface StatusParts {
  readonly report: FreshValue<QueueReport>;
  readonly moves: MoveLog;
  readonly watches: OpenWatches;
  readonly metrics: Metrics;
  readonly ready: HealthCheck;
  /** Names this run of the process. */
  readonly run: string;
}

/** Serves what scrapers, supervisors and people with a terminal look at; none of it belongs to the Kubernetes-style API. */
export function serveStatus(app: FastifyInstance, parts: StatusParts): void {
  const serve = (url: string, answer: (request: FastifyRequest, reply: FastifyReply) => unknown) =>
    servePath(app, { url, resource: 'status', methods: { GET: { verb: 'get', answer } } });
  serve('/queue-metrics.json', () => parts.report.get());
  serve('/moves', (request, reply) => streamMoves(parts, request, reply));
  serve('/metrics', async (_, reply) => {
    const { contentType, body } = await parts.metrics.render();
    return reply.type(contentType).send(body);
  });
  // That this answer is written is all there is to say: the event loop turns.
  serve('/healthz', (_, reply) => sendText(reply, 200, 'ok'));
  serve('/readyz', async (_, reply) => {
    const { ok, reason = 'not ready' } = await parts.ready();
    return sendText(reply, ok ? 200 : 503, ok ? 'ok' : reason);
  });
}

async function streamMoves(parts: StatusParts, request: FastifyRequest, reply: FastifyReply) {
  const { signal, leave } = parts.watches.enter(reply.raw, MOVES_LIFETIME);
  const given = request.headers['last-event-id'];
  const lastEventId = typeof given === 'string' ? given : undefined;
  try {
    await streamFrames(reply, {
      contentType: 'text/event-stream',
      frames: moveFrames(parts.moves, { run: parts.run, lastEventId, signal }),
      failure: () => new TextEncoder().encode(': the server failed\n\n'),
    });
  } finally {
    leave();
  }
}

function sendText(reply: FastifyReply, code: number, text: string): FastifyReply {
  return reply.code(code).type('text/plain; charset=utf-8').send(`${text}\n`);
}
