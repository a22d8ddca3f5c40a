import { openImageStreamRedis } from '@tagtrail/image-stream-redis';
import { createLogger } from '@tagtrail/observability';
import { createApiClient } from '../../../../packages/api-client/src/index.ts';
import { openRedisForTest } from '../../../../packages/embedded-redis/src/index.ts';
import { compose } from '../compose.ts';
import { readApiConfig } from '../config.ts';

export const TOKEN = 'a-token-for-tests-only';

/** A running API on a Redis of its own, a client of it, and the store behind it. */
export async function openApiForTest(variables: Readonly<Record<string, string>> = {}) {
  const stack = new AsyncDisposableStack();
  const server = stack.use(await openRedisForTest());
  const store = stack.use(await openImageStreamRedis({ url: server.url, name: 'test' }));
  const config = readApiConfig({
    TAGTRAIL_REDIS_URL: server.url,
    TAGTRAIL_API_TOKEN: TOKEN,
    TAGTRAIL_API_PORT: '0',
    ...variables,
  });
  const logger = createLogger({ name: 'test', level: 'silent', format: 'json' });
  const api = stack.use(await compose(config, { logger }));
  const stop = new AbortController();
  const running = api.run(stop.signal);
  const end = async () => {
    stop.abort();
    await running;
  };
  stack.defer(end);
  await untilReady(api.url);
  const client = createApiClient({ server: api.url, token: TOKEN });
  const dispose = stack.move();
  return {
    url: api.url,
    client,
    store,
    redisUrl: server.url,
    /** Stops the API as a signal would. */
    end,
    [Symbol.asyncDispose]: () => dispose.disposeAsync(),
  };
}

export type ApiForTest = Awaited<ReturnType<typeof openApiForTest>>;

/** Asks until the API is ready; the test's timeout is the limit. */
async function untilReady(url: string): Promise<void> {
  while (!(await fetch(`${url}/readyz`)).ok);
}
