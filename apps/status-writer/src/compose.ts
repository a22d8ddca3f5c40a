import { randomUUID } from 'node:crypto';
import { openHeartbeats } from '@tagtrail/heartbeats-redis';
import { openImageStreamRedis } from '@tagtrail/image-stream-redis';
import { openResultLog } from '@tagtrail/import-results-redis';
import { beatEverySecond, composeService, endWithin, type Service } from '@tagtrail/lifecycle';
import {
  allOf,
  createLifeline,
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
/** ms that reading and writing one batch may take before the process counts as not ready: a hundred times the usual. */
const READY_WITHIN = 10_000;

/** Opens result log and store; the loop's own reads are its progress: they return many times a second. */
export function compose(
  config: StatusWriterConfig,
  { logger }: { readonly logger: Logger },
): Promise<Service> {
  return composeService(async (resources) => {
    const { url, slot } = config.redis;
    const metrics = createMetrics('status-writer');
    const { batchWait } = config.results;
    const now = () => performance.now();
    // A read of an empty log takes up to `batchWait`, which is no stall.
    const stallAfter = config.health.stallAfter + batchWait;
    const progress = createProgressWatch({ now, stallAfter });
    progress.busy(1);
    const lifeline = createLifeline({ now, progress });
    const reads = progress.within(Math.min(READY_WITHIN, config.health.stallAfter) + batchWait);
    const ready = allOf({ redis: lifeline.ready, results: reads });
    const health = { ...config.health, metrics, ready, live: lifeline.live };
    const server = resources.use(await openHealthServer(health));
    logger.info({ url: server.url }, 'health and metrics');
    const onMigration = (message: string) => logger.info(message);
    const store = resources.use(
      await openImageStreamRedis({ url, slot, name: 'status-writer', onMigration }),
    );
    // A new name each start: what the last one left unacknowledged is claimed once it has idled.
    const consumer = `writer-${randomUUID()}`;
    const results = resources.use(await openResultLog({ url, slot, consumer }));
    const { historyLimit, ...limits } = config.results;
    const counted = createWriterMetrics(metrics, progress);
    const dependencies = {
      ...store,
      results,
      logger,
      historyLimit,
      settings: config.schedule,
      metrics: counted,
    };
    const heartbeats = resources.use(openHeartbeats({ url, slot, name: 'status-writer' }));
    const { figures } = counted;
    resources.use(
      beatEverySecond({
        service: 'status-writer',
        heartbeats,
        figures,
        logger,
        onBeat: lifeline.held,
      }),
    );
    return (signal) => {
      const work = [
        writeStatus(dependencies, limits, signal),
        keepHouse(dependencies, signal),
        store.watchFormat(signal),
      ];
      const ended = Promise.all(work).then(() => undefined);
      return endWithin(STOP_GRACE, signal, ended);
    };
  });
}
