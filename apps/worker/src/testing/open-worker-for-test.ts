import { randomUUID } from 'node:crypto';
import type {
  DeliveredListing,
  DeliveredResult,
  ImportQueue,
  QueuedJob,
} from '@tagtrail/import-contract';
import { openImportQueue, type QueueName } from '@tagtrail/import-queue-bullmq';
import { openResultLog } from '@tagtrail/import-results-redis';
import { createLogger } from '@tagtrail/observability';
import { openRedisForTest } from '../../../../packages/embedded-redis/src/index.ts';
import { compose } from '../compose.ts';
import { readConfig } from '../config.ts';

type Delivered = DeliveredResult | DeliveredListing;

export interface WorkerForTest extends AsyncDisposable {
  enqueue(queue: QueueName, jobs: readonly QueuedJob[]): Promise<void>;
  /** The next `count` results on the log, in their order. */
  results(count: number): Promise<readonly Delivered[]>;
  metrics(queue: QueueName): ReturnType<ImportQueue['metrics']>;
  /** Tells the worker to stop; resolves once it has ended. */
  stop(): Promise<void>;
}

/** A whole worker on a Redis of its own. */
export async function openWorkerForTest(
  settings: Readonly<Record<string, string>> = {},
): Promise<WorkerForTest> {
  const server = await openRedisForTest();
  const { url } = server;
  const queues = {
    imports: await openImportQueue({ url }),
    'requested-imports': await openImportQueue({ url, queue: 'requested-imports' }),
  };
  const log = await openResultLog({ url, consumer: randomUUID() });
  const worker = await startWorker({
    REDIS_URL: url,
    TAGTRAIL_HEALTH_PORT: '0',
    TAGTRAIL_REGISTRIES_PRIVATE_ADDRESSES: 'allowed',
    ...settings,
  });
  return {
    enqueue: (queue, jobs) =>
      queues[queue].enqueue(jobs.map((job) => ({ job, leaseExpired: false }))),
    metrics: (queue) => queues[queue].metrics(),
    async results(count) {
      const found: Delivered[] = [];
      while (found.length < count) {
        const batch = await log.read({ count: count - found.length, wait: 5_000 });
        found.push(...batch.results, ...batch.listings);
      }
      return found;
    },
    stop: worker.stop,
    async [Symbol.asyncDispose]() {
      await worker.stop();
      for (const part of [log, ...Object.values(queues), server]) {
        await part[Symbol.asyncDispose]();
      }
    },
  };
}

async function startWorker(
  env: Readonly<Record<string, string>>,
): Promise<Pick<WorkerForTest, 'stop'>> {
  const logger = createLogger({ name: 'test', level: 'silent', format: 'json' });
  const service = await compose(readConfig(env), { logger });
  const stopping = new AbortController();
  const running = service.run(stopping.signal);
  let ended: Promise<void> | undefined;
  const end = async () => {
    stopping.abort();
    await running;
    await service[Symbol.asyncDispose]();
  };
  return {
    stop: () => {
      ended ??= end();
      return ended;
    },
  };
}
