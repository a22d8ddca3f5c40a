import { createRateMeter, type Metrics } from '@tagtrail/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { queryFlag } from './query.ts';

/** Seconds; a read takes milliseconds, a list of thousands seconds. */
const BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** Counts answered requests by verb and resource: few values each, whatever clients ask for. */
export interface RequestMetrics {
  count(request: FastifyRequest, reply: FastifyReply): void;
  /** Over the last seconds. */
  perSecond(): number;
}

/** Registers the request metrics. */
export function createRequestMetrics(metrics: Metrics): RequestMetrics {
  const requests = metrics.counter({
    name: 'tagtrail_api_requests_total',
    help: 'Requests answered, by verb, resource and HTTP status.',
    labelNames: ['verb', 'resource', 'code'],
  });
  const seconds = metrics.histogram({
    name: 'tagtrail_api_request_seconds',
    help: 'Time to answer a request, watches left out.',
    labelNames: ['verb', 'resource'],
    buckets: BUCKETS,
  });
  const rate = createRateMeter(() => performance.now());
  return {
    perSecond: () => rate.perSecond(),
    count(request, reply) {
      const { verb: routeVerb = 'none', resource = 'none' } = request.routeOptions.config;
      rate.mark();
      const isWatch = routeVerb === 'list' && queryFlag(request, 'watch') === true;
      const verb = isWatch ? 'watch' : routeVerb;
      requests.inc({ verb, resource, code: String(reply.raw.statusCode) });
      if (!isWatch) seconds.observe({ verb, resource }, reply.elapsedTime / 1_000);
    },
  };
}
