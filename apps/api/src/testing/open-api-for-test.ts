import { createApiClient } from '@tagtrail/api-client';
import { type ImageStreamRedis, openImageStreamRedis } from '@tagtrail/image-stream-redis';
import { createResourceStack, type ResourceStack } from '@tagtrail/lifecycle';
import { createLogger } from '@tagtrail/observability';
import { openRedisForTest } from '../../../../packages/embedded-redis/src/index.ts';
import type { ApiAdapters } from '../api-adapters.ts';
import { compose } from '../compose.ts';
import { readApiConfig } from '../config.ts';

export const TOKEN = 'a-token-for-tests-only';

/** A running API on a Redis of its own, a client of it, and the store behind it. */
export async function openApiForTest(
  variables: Readonly<Record<string, string>> = {},
  adaptersOf?: (store: ImageStreamRedis) => ApiAdapters,
) {
  const resources = createResourceStack();
  try {
    return await openParts({ variables, adaptersOf, resources });
  } catch (error) {
    await resources[Symbol.asyncDispose]();
    throw error;
  }
}

interface TestParts {
  readonly variables: Readonly<Record<string, string>>;
  /** What the API stands on instead of adapters of its own. */
  readonly adaptersOf: ((store: ImageStreamRedis) => ApiAdapters) | undefined;
  readonly resources: ResourceStack;
}

async function openParts({ variables, adaptersOf, resources }: TestParts) {
  const redis = resources.use(await openRedisForTest());
  const store = resources.use(await openImageStreamRedis({ url: redis.url, name: 'test' }));
  const config = readApiConfig({
    TAGTRAIL_REDIS_URL: redis.url,
    TAGTRAIL_API_TOKEN: TOKEN,
    TAGTRAIL_API_PORT: '0',
    ...variables,
  });
  const logger = createLogger({ name: 'test', level: 'silent', format: 'json' });
  const adapters = adaptersOf?.(store);
  const api = resources.use(await compose(config, { logger, ...(adapters && { adapters }) }));
  const stop = new AbortController();
  const running = api.run(stop.signal);
  const end = async () => {
    stop.abort();
    await running;
  };
  resources.use({ [Symbol.asyncDispose]: end });
  await untilReady(api.url);
  return {
    url: api.url,
    secureUrl: api.secureUrl,
    client: createApiClient({ server: api.url, token: TOKEN }),
    store,
    redis,
    /** Stops the API as a signal would. */
    end,
    /** One request with the token, and its answer's JSON. */
    ask: (path: string, init?: RequestInit) => ask(`${api.url}${path}`, init),
    [Symbol.asyncDispose]: () => resources[Symbol.asyncDispose](),
  };
}

export type ApiForTest = Awaited<ReturnType<typeof openApiForTest>>;

async function ask(url: string, init: RequestInit = {}) {
  const headers = { authorization: `Bearer ${TOKEN}`, ...init.headers };
  const response = await fetch(url, { ...init, headers });
  const answer = (await response.json()) as Readonly<Record<string, unknown>>;
  return { code: response.status, headers: response.headers, answer };
}

/** Asks until the API is ready; the test's timeout is the limit. */
async function untilReady(url: string): Promise<void> {
  while (!(await fetch(`${url}/readyz`)).ok);
}
