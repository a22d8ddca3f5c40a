import { openHeartbeats } from '@tagtrail/heartbeats-redis';
import { openImageStreamRedis } from '@tagtrail/image-stream-redis';
import { openImportQueue, queuePrefix } from '@tagtrail/import-queue-bullmq';
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
import type { ProducerConfig } from './config.ts';
import { produce } from './produce.ts';
import { createProducerMetrics } from './producer-metrics.ts';
import { createWake } from './wake.ts';
import { wakeOnChanges } from './wake-on-changes.ts';

/** A lease outlives the job's deadline by this factor: a job that is only slow is not enqueued twice. */
const LEASE_PER_DEADLINE = 2;
/** ms after a stop in which a round may end; without Redis it would wait for it longer than the process may live. */
const STOP_GRACE = 2_000;
/** ms that a round may take before the process counts as not ready: a thousand times what one takes. */
const READY_WITHIN = 10_000;

/** Opens store, queue and result log. The loop's own rounds are its progress: it is never idle for long. */
export function compose(
  config: ProducerConfig,
  { logger }: { readonly logger: Logger },
): Promise<Service> {
  return composeService(async (resources) => {
    const { url, slot } = config.redis;
    const metrics = createMetrics('producer');
    const { tick } = config.schedule;
    const now = () => performance.now();
    // Between two rounds lies up to a tick, which is no stall.
    const stallAfter = config.health.stallAfter + tick;
    const progress = createProgressWatch({ now, stallAfter });
    progress.busy(1);
    const lifeline = createLifeline({ now, progress });
    const rounds = progress.within(Math.min(READY_WITHIN, config.health.stallAfter) + tick);
    const ready = allOf({ redis: lifeline.ready, rounds });
    const health = { ...config.health, metrics, ready, live: lifeline.live };
    const server = resources.use(await openHealthServer(health));
    logger.info({ url: server.url }, 'health and metrics');
    const onMigration = (message: string) => logger.info(message);
    const store = resources.use(
      await openImageStreamRedis({ url, slot, name: 'producer', onMigration }),
    );
    const queue = resources.use(await openImportQueue({ url, prefix: queuePrefix(slot) }));
    const results = resources.use(
      await openResultLog({ url, slot, consumer: `producer-${process.pid}` }),
    );
    const { streams, checks, schedule } = store;
    const wake = createWake();
    const dependencies = { streams, checks, schedule, queue, results, wake, logger };
    const rates = createProducerMetrics(metrics, progress);
    const counted = { ...dependencies, metrics: rates };
    const { perHost, highWater, jobDeadline } = config.import;
    const limits = {
      perHost,
      highWater,
      lease: jobDeadline * LEASE_PER_DEADLINE,
      tick,
    };
    const heartbeats = resources.use(openHeartbeats({ url, slot, name: 'producer' }));
    const figures = () => ({ ...rates.figures(), perHost, highWater });
    resources.use(
      beatEverySecond({ service: 'producer', heartbeats, figures, logger, onBeat: lifeline.held }),
    );
    return (signal) => {
      const work = [
        produce(counted, limits, signal),
        wakeOnChanges(dependencies, signal),
        store.watchFormat(signal),
      ];
      const ended = Promise.all(work).then(() => undefined);
      return endWithin(STOP_GRACE, signal, ended);
    };
  });
}
