import { setImmediate as nextTurn } from 'node:timers/promises';
import { createLogger } from '@tagtrail/observability';
import { expect, it } from 'vitest';
import { openRedisForTest } from '../../../packages/embedded-redis/src/index.ts';
import { openBreakableLink } from '../../../packages/redis-connection/src/testing/breakable-link.ts';
import { compose } from './compose.ts';
import { readConfig } from './config.ts';

/** ms in which a process must have ended; its forced end comes later. */
const DEADLINE = 4_000;

it('ends in time when it is told to while Redis is away', async () => {
  await using server = await openRedisForTest();
  await using link = await openBreakableLink(server.url);
  const config = readConfig({ REDIS_URL: link.url, TAGTRAIL_HEALTH_PORT: '0' });
  const logger = createLogger({ name: 'test', level: 'silent', format: 'json' });
  const service = await compose(config, { logger });
  const stop = new AbortController();
  await link.cut();
  // Until the clients have noticed, too: from then on they wait for a connection.
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  const running = service.run(stop.signal);
  const stopped = performance.now();
  stop.abort();
  await running;
  await service[Symbol.asyncDispose]();
  expect(performance.now() - stopped).toBeLessThan(DEADLINE);
});
