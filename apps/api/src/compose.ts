import { randomUUID } from 'node:crypto';
import { openAccessTokens } from '@tagtrail/access-control-redis';
import { openHeartbeats } from '@tagtrail/heartbeats-redis';
import { openImageStreamRedis } from '@tagtrail/image-stream-redis';
import { openImportQueue, queuePrefix } from '@tagtrail/import-queue-bullmq';
import { openImportRequests, openResultLog } from '@tagtrail/import-results-redis';
import {
  beatEverySecond,
  createResourceStack,
  type ResourceStack,
  type Service,
} from '@tagtrail/lifecycle';
import type { Logger } from '@tagtrail/observability';
import { openPullSecrets } from '@tagtrail/pull-secrets-redis';
import { readSecretCipher } from '@tagtrail/secret-cipher';
import { readServedCertificate } from '@tagtrail/tls-server';
import type { ApiAdapters } from './api-adapters.ts';
import { ApiService } from './api-service.ts';
import type { ApiConfig } from './config.ts';
import { createDamageNotices } from './damage-notices.ts';

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
  /** `https://127.0.0.1:8420`, the same port; undefined without a certificate. */
  readonly secureUrl: string | undefined;
}

/** Opens the adapters and the port. The service answers at once; watches are served once it runs. */
export async function compose(config: ApiConfig, overrides: ApiOverrides): Promise<ListeningApi> {
  const resources = createResourceStack();
  try {
    const service = await openService(config, overrides, resources);
    const { url, secureUrl } = service;
    return {
      url,
      secureUrl,
      run: (signal) => service.run(signal),
      [Symbol.asyncDispose]: () => resources[Symbol.asyncDispose](),
    };
  } catch (error) {
    try {
      await resources[Symbol.asyncDispose]();
    } catch {
      // The first failure is the one to tell.
    }
    throw error;
  }
}

async function openService(
  config: ApiConfig,
  { logger, now = Date.now, createUid = randomUUID, adapters: given }: ApiOverrides,
  resources: ResourceStack,
): Promise<ApiService> {
  const certificate = await readServedCertificate(config.api, 'api');
  const adapters = given ?? (await openAdapters(config, { logger, now, resources }));
  const service = new ApiService({ config, adapters, certificate, logger, now, createUid });
  await service.listen();
  resources.use({ [Symbol.asyncDispose]: () => service.close() });
  const { heartbeats } = adapters;
  const figures = () => service.figures();
  resources.use(beatEverySecond({ service: 'api', heartbeats, figures, logger }));
  return service;
}

async function openAdapters(
  { redis, secrets: { keyFile } }: ApiConfig,
  parts: {
    readonly logger: Logger;
    readonly now: () => number;
    readonly resources: ResourceStack;
  },
): Promise<ApiAdapters> {
  const { logger, now, resources } = parts;
  const { url, slot } = redis;
  const onDamaged = createDamageNotices(logger, now);
  const onMigration = (message: string) => logger.info(message);
  const opening = { url, slot, name: 'api', onDamaged, onMigration };
  const store = resources.use(await openImageStreamRedis(opening));
  const prefix = queuePrefix(slot);
  const queue = resources.use(await openImportQueue({ url, prefix }));
  const requestedQueue = resources.use(
    await openImportQueue({ url, prefix, queue: 'requested-imports' }),
  );
  const requests = resources.use(await openImportRequests({ url, slot }));
  const results = resources.use(await openResultLog({ url, slot, consumer: 'api' }));
  const heartbeats = resources.use(openHeartbeats({ url, slot, name: 'api' }));
  const cipher = keyFile === undefined ? undefined : await readSecretCipher(keyFile);
  const secrets = resources.use(openPullSecrets({ url, slot, name: 'api', cipher }));
  const accessTokens = resources.use(openAccessTokens({ url, slot, name: 'api' }));
  const memory = () => heartbeats.memory();
  const credentials = { secrets, accessTokens };
  return { ...store, ...credentials, queue, requestedQueue, requests, results, heartbeats, memory };
}
