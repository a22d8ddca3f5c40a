import { StoreError } from '@tagtrail/image-stream';
import { createLogger, createMetrics } from '@tagtrail/observability';
import { type FastifyInstance, fastify } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digest } from '../testing/a-stream.ts';
import { MemoryChangeLog } from '../testing/memory-change-log.ts';
import { IDLE_QUEUE } from '../testing/scripted-workers.ts';
import { ChangeFeed } from '../watch/change-feed.ts';
import { OpenWatches } from '../watch/open-watches.ts';
import { moveFrames } from './move-frames.ts';
import { MoveLog } from './move-log.ts';
import { createQueueReport } from './queue-report.ts';
import { createReadiness } from './readiness.ts';
import { serveStatus } from './serve-status.ts';

describe('who looks at the API is told', () => {
  let app: FastifyInstance;
  let streams: MemoryChangeLog;
  let moves: MoveLog;

  beforeEach(() => {
    app = fastify({ exposeHeadRoutes: false });
    streams = new MemoryChangeLog();
    moves = new MoveLog();
    const logger = createLogger({ name: 'test', level: 'silent', format: 'json' });
    const feed = new ChangeFeed({ streams, logger });
    const away = () => Promise.reject(new Error('the queue is down'));
    const idle = { metrics: async () => IDLE_QUEUE };
    serveStatus(app, {
      report: createQueueReport({
        queue: { metrics: away },
        requestedQueue: idle,
        results: { stats: away },
        schedule: { stats: away },
        now: () => 0,
      }),
      moves,
      watches: new OpenWatches(),
      metrics: createMetrics('test'),
      ready: createReadiness({ streams, feed }),
      run: 'r1',
    });
  });

  afterEach(async () => {
    await app.close();
  });

  it('that it follows no changes yet', async () => {
    const { statusCode, body } = await app.inject('/readyz');
    expect([statusCode, body]).toEqual([503, 'change log: starting\n']);
  });

  it('that the records are away', async () => {
    streams.fail(new StoreError('unavailable', 'redis is down'));
    const { statusCode, body } = await app.inject('/readyz');
    expect([statusCode, body]).toEqual([503, 'Redis does not answer: the record store is away\n']);
  });

  it('that there are no numbers', async () => {
    const { body } = await app.inject('/queue-metrics.json');
    expect(JSON.parse(body)).toMatchObject({
      message: 'Redis does not answer: the queue, the results or the schedule are away',
    });
  });

  it('of moves by server-sent events', async () => {
    const move = { namespace: 'shop', name: 'web', tag: 'v1', from: null, to: digest('1') };
    moves.log.append({ ...move, at: '2026-01-01T10:00:00Z' }, 1);
    const { signal } = new AbortController();
    const frames = moveFrames(moves, { run: 'r1', lastEventId: undefined, signal });
    const next = async () => Buffer.concat((await frames.next()).value ?? []).toString();
    expect(await next()).toBe('retry: 2000\n\n');
    const shown = JSON.stringify({ ...move, at: '2026-01-01T10:00:00Z' });
    expect(await next()).toBe(`id: r1-0\nevent: move\ndata: ${shown}\n\n`);
    await frames.return?.();
  });
});
