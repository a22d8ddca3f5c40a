import { openImportQueue } from '@tagtrail/import-queue-bullmq';
import { createLogger } from '@tagtrail/observability';
import { expect, it } from 'vitest';
import { openRedisForTest } from '../../../packages/embedded-redis/src/index.ts';
import { openRegistrySimulator } from '../../../packages/registry-simulator/src/index.ts';
import { compose } from './compose.ts';
import { readConfig } from './config.ts';
import { importJob } from './testing/import-jobs.ts';

/** ms in which a process must have ended; its forced end comes later. */
const DEADLINE = 4_000;

it('ends in time when it is told to while a registry hangs, and gives the job back', async () => {
  await using server = await openRedisForTest();
  await using simulator = await openRegistrySimulator();
  await using queue = await openImportQueue({ url: server.url });
  simulator.faults.set({}, { hang: true });
  const config = readConfig({ REDIS_URL: server.url, TAGTRAIL_HEALTH_PORT: '0' });
  const logger = createLogger({ name: 'test', level: 'silent', format: 'json' });
  const service = await compose(config, { logger });
  const stop = new AbortController();
  const running = service.run(stop.signal);
  await queue.enqueue([{ job: importJob(`${simulator.host}/shop/web`), leaseExpired: false }]);
  await simulator.waitForRequest(() => true);
  const stopped = performance.now();
  stop.abort();
  await running;
  await service[Symbol.asyncDispose]();
  expect(performance.now() - stopped).toBeLessThan(DEADLINE);
  expect(await queue.metrics()).toMatchObject({ waiting: 1, active: 0, failed: 0 });
});
