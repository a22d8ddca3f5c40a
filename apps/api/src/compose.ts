import { randomUUID } from 'node:crypto';
import { openImageStreamRedis } from '@tagtrail/image-stream-redis';
import { openImportQueue } from '@tagtrail/import-queue-bullmq';
import { openResultLog } from '@tagtrail/import-results-redis';
import type { Service } from '@tagtrail/lifecycle';
import type { Logger } from '@tagtrail/observability';
import type { ApiAdapters } from './api-adapters.ts';
import { ApiService } from './api-service.ts';
import type { ApiConfig } from './config.ts';

/** What tests put in the place of the real thing. */
export interface ApiOverrides {
  readonly logger: Logger;
  /** ms since the epoch. */
  readonly now?: () => number;
  readonly createUid?: () => string;
  readonly adapters?: ApiAdapters;
}

/** The API, listening. */
export interface ListeningApi extends Service {
  /** `http://127.0.0.1:8420`; tells which port was taken. */
  readonly url: string;
}

/** Opens the adapters and the port. The service answers at once; watches are served once it runs. */
export async function compose(config: ApiConfig, overrides: ApiOverrides): Promise<ListeningApi> {
  const stack = new AsyncDisposableStack();
  try {
    const adapters = overrides.adapters ?? (await openAdapters(config, stack));
    const { logger, now = Date.now, createUid = randomUUID } = overrides;
    const service = new ApiService({ config, adapters, logger, now, createUid });
    await service.listen();
    const opened = stack.move();
    return {
      url: service.url,
      run: (signal) => service.run(signal),
      [Symbol.asyncDispose]: async () => {
        await service.close();
        await opened.disposeAsync();
      },
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function openAdapters(
  { redis }: ApiConfig,
  stack: AsyncDisposableStack,
): Promise<ApiAdapters> {
  const { url, slot } = redis;
  const store = stack.use(await openImageStreamRedis({ url, slot, name: 'api' }));
  const queue = stack.use(await openImportQueue({ url }));
  const results = stack.use(await openResultLog({ url, slot, consumer: 'api' }));
  const { streams, checks, schedule } = store;
  return { streams, checks, schedule, queue, results };
}
