import { randomUUID } from 'node:crypto';
import { openImageStreamRedis } from '@tagtrail/image-stream-redis';
import { openResultLog } from '@tagtrail/import-results-redis';
import { composeService, endWithin, type Service } from '@tagtrail/lifecycle';
import {
  createMetrics,
  createProgressWatch,
  type Logger,
  openHealthServer,
} from '@tagtrail/observability';
import type { StatusWriterConfig } from './config.ts';
import { keepHouse } from './keep-house.ts';
import { writeStatus } from './write-status.ts';
import { createWriterMetrics } from './writer-metrics.ts';

/** ms after a stop in which a batch may end; without Redis it would wait for it longer than the process may live. */
const STOP_GRACE = 2_000;

/** Opens result log and store; the loop's own reads are its progress: they return many times a second. */
export function compose(
  config: StatusWriterConfig,
  { logger }: { readonly logger: Logger },
): Promise<Service> {
  return composeService(async (resources) => {
    const { url, slot } = config.redis;
    const metrics = createMetrics('status-writer');
    const { stallAfter } = config.health;
    const progress = createProgressWatch({ now: () => performance.now(), stallAfter });
    progress.busy(1);
    const health = { ...config.health, metrics, ready: progress.check, live: progress.check };
    const server = resources.use(await openHealthServer(health));
    logger.info({ url: server.url }, 'health and metrics');
    const store = resources.use(await openImageStreamRedis({ url, slot, name: 'status-writer' }));
    // A new name each start: what the last one left unacknowledged is claimed once it has idled.
    const consumer = `writer-${randomUUID()}`;
    const results = resources.use(await openResultLog({ url, slot, consumer }));
    const { historyLimit, ...limits } = config.results;
    const dependencies = {
      ...store,
      results,
      logger,
      historyLimit,
      settings: config.schedule,
      metrics: createWriterMetrics(metrics, progress),
    };
    return (signal) => {
      const work = [writeStatus(dependencies, limits, signal), keepHouse(dependencies, signal)];
      const ended = Promise.all(work).then(() => undefined);
      return endWithin(STOP_GRACE, signal, ended);
    };
  });
}
