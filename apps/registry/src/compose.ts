import { createAuthenticator } from '@tagtrail/access-control';
import { openAccessTokens } from '@tagtrail/access-control-redis';
import { openBlobFolder } from '@tagtrail/blob-store-folder';
import { openHeartbeats } from '@tagtrail/heartbeats-redis';
import { type ImageStreamRedis, openImageStreamRedis } from '@tagtrail/image-stream-redis';
import type { PrefetchJob, PrefetchQueue } from '@tagtrail/import-contract';
import { openPrefetchQueue, queuePrefix } from '@tagtrail/import-queue-bullmq';
import {
  beatEverySecond,
  composeService,
  delay,
  endWithin,
  type ResourceStack,
  type Service,
} from '@tagtrail/lifecycle';
import {
  allOf,
  createLifeline,
  createMetrics,
  createProgressWatch,
  describeError,
  type Logger,
  openHealthServer,
} from '@tagtrail/observability';
import { readServedCertificate } from '@tagtrail/tls-server';
import { openUpstream } from '@tagtrail/upstream-registries';
import { Gatekeeper } from './access/gatekeeper.ts';
import { RegistryTokens } from './access/registry-token.ts';
import { tokenKey } from './access/token-key.ts';
import { BlobOrigins } from './blobs/blob-origins.ts';
import { Downloads } from './blobs/downloads.ts';
import type { RegistryConfig } from './config.ts';
import { openRegistryServer } from './http/registry-server.ts';
import { ManifestDocuments } from './images/manifest-documents.ts';
import { ReferrerLists } from './images/referrer-lists.ts';
import { StreamCache } from './images/stream-cache.ts';
import { StreamContents } from './images/stream-contents.ts';
import { StreamImages } from './images/stream-images.ts';
import { UpstreamImages } from './images/upstream-images.ts';
import { type CopyParts, copyImage } from './prefetch/copy-image.ts';
import { followWishes, type WishParts } from './prefetch/follow-wishes.ts';
import { createRegistryMetrics, type RegistryMetrics } from './registry-metrics.ts';
import { type ServingParts, serveRequests } from './serve-requests.ts';
import { createStorageDesk } from './storage/storage-desk.ts';

/** ms after a stop in which transfers may end. */
const STOP_GRACE = 3_500;
/** ms between collections of copies that no stream refers to: they wait for days anyway. */
const COLLECTION_INTERVAL = 6 * 3_600_000;

/** Opens records, upstream, the folder of copies and the port; requests are answered until the signal. */
export function compose(
  config: RegistryConfig,
  { logger }: { readonly logger: Logger },
): Promise<Service & { readonly url: string }> {
  let url = '';
  return composeService(async (resources) => {
    const stopping = new AbortController();
    const { redis } = config;
    const now = () => performance.now();
    const metrics = createMetrics('registry');
    const progress = createProgressWatch({ now, stallAfter: config.health.stallAfter });
    const lifeline = createLifeline({ now, progress });
    const ready = allOf({ redis: lifeline.ready });
    const health = { ...config.health, metrics, ready, live: lifeline.live };
    const healthServer = resources.use(await openHealthServer(health));
    logger.info({ url: healthServer.url }, 'health and metrics');
    const store = resources.use(await openImageStreamRedis({ ...redis, name: 'registry' }));
    const counted = createRegistryMetrics(metrics);
    const parts = await openParts(resources, config, {
      logger,
      store,
      counted,
      signal: stopping.signal,
    });
    const queue = resources.use(await openPrefetches(config, logger));
    const certificate = await readServedCertificate(config.registry, 'registry');
    const plainHttpForAll = certificate === undefined || config.registry.allowPlainHttp;
    const listener = serveRequests({ ...parts, plainHttpForAll });
    const { host, port } = config.registry;
    const server = resources.use(
      await openRegistryServer({ host, port, certificate, logger }, listener),
    );
    url = server.url;
    logger.info({ url, secure: certificate !== undefined }, 'listening');
    const heartbeats = resources.use(openHeartbeats({ ...redis, name: 'registry' }));
    const beating = {
      service: 'registry' as const,
      heartbeats,
      figures: counted.figures,
      logger,
      onBeat: lifeline.held,
    };
    resources.use(beatEverySecond(beating));
    return (signal) => {
      signal.addEventListener('abort', () => stopping.abort(), { once: true });
      const work = [
        parts.streams.run(signal),
        store.watchFormat(signal),
        collectNowAndThen(parts.storage, logger, signal),
        ...prefetching({ parts, queue, streams: store.streams, logger, metrics: counted }, signal),
      ];
      return endWithin(
        STOP_GRACE,
        signal,
        Promise.all(work).then(() => undefined),
      );
    };
  }).then((service) => ({ ...service, url }));
}

interface Opening {
  readonly logger: Logger;
  readonly store: ImageStreamRedis;
  readonly counted: RegistryMetrics;
  readonly signal: AbortSignal;
}

/** What requests are answered with. */
async function openParts(
  resources: ResourceStack,
  config: RegistryConfig,
  { logger, store: records, counted: metrics, signal }: Opening,
): Promise<Omit<ServingParts, 'plainHttpForAll'> & { readonly streams: StreamCache }> {
  const { registry, registries, api } = config;
  const coolDowns = resources.use(await records.openCoolDowns());
  const source = resources.use(await openUpstream(config, { name: 'registry', logger, coolDowns }));
  const store = resources.use(
    await openBlobFolder({ folder: registry.folder, quota: registry.quota }),
  );
  const ownHosts = new Set(api.registryHostname === undefined ? [] : [api.registryHostname]);
  const upstream = new UpstreamImages({ ...source, policy: registries, ownHosts, signal });
  const monotonic = () => performance.now();
  const referrers = new ReferrerLists({ upstream, store: records.referrers, now: monotonic });
  const documents = new ManifestDocuments(records.images);
  const contents = new StreamContents({ documents, streams: records.streams });
  const { images: recorded } = records;
  const origins = new BlobOrigins({ store: records.blobOrigins, ownHosts });
  const images = new StreamImages({
    documents,
    contents,
    images: recorded,
    referrers,
    upstream,
    store,
    origins,
  });
  const downloads = openDownloads(resources, { store, signal, upstream, origins, metrics, logger });
  const { collectAfter, publicUrl } = registry;
  const desk = { ...records, store, collectAfter, totals: metrics.totals, now: Date.now };
  return {
    gatekeeper: await openGatekeeper(resources, config),
    streams: new StreamCache({ streams: records.streams, logger, now: monotonic }),
    storage: createStorageDesk(desk),
    ...{
      origins,
      images,
      contents,
      store,
      downloads,
      upstream,
      referrers,
      metrics,
      logger,
      publicUrl,
    },
  };
}

interface DownloadSurroundings
  extends Pick<ConstructorParameters<typeof Downloads>[0], 'store' | 'signal'> {
  readonly upstream: UpstreamImages;
  readonly origins: BlobOrigins;
  readonly metrics: RegistryMetrics;
  readonly logger: Logger;
}

function openDownloads(
  resources: ResourceStack,
  { store, signal, upstream, origins, metrics, logger }: DownloadSurroundings,
): Downloads {
  const downloads = new Downloads({
    store,
    signal,
    note: (digest, repository) => origins.add(digest, repository),
    doubt: (digest, repository) => upstream.doubt(digest, repository),
    onEnded: ({ download, error }) => {
      const { digest } = download.blob;
      metrics.downloaded(
        error === undefined ? 'stored' : String(describeError(error).code ?? 'failed'),
        download.received,
      );
      if (error !== undefined)
        logger.warn({ digest, err: describeError(error) }, 'a download failed');
    },
  });
  metrics.watchDownloads(() => downloads.counts);
  resources.use({ [Symbol.asyncDispose]: () => downloads.settled() });
  return downloads;
}

async function openGatekeeper(
  resources: ResourceStack,
  config: RegistryConfig,
): Promise<Gatekeeper> {
  const { redis, api, secrets, registry } = config;
  const store = resources.use(openAccessTokens({ ...redis, name: 'registry' }));
  return new Gatekeeper({
    authenticator: createAuthenticator({ store, apiToken: api.token, now: Date.now }),
    tokens: new RegistryTokens(await tokenKey(secrets.keyFile)),
    anonymousNamespaces: registry.anonymousNamespaces,
    now: Date.now,
  });
}

function openPrefetches({ redis }: RegistryConfig, logger: Logger): Promise<PrefetchQueue> {
  const onError = (error: Error) => logger.warn({ err: describeError(error) }, 'prefetch trouble');
  return openPrefetchQueue({ url: redis.url, prefix: queuePrefix(redis.slot), onError });
}

interface Prefetching extends WishParts {
  readonly parts: CopyParts;
  readonly queue: PrefetchQueue;
  readonly metrics: RegistryMetrics;
}

/** Finds images to copy, and copies them. */
function prefetching(
  { parts, metrics, ...wishes }: Prefetching,
  signal: AbortSignal,
): readonly Promise<void>[] {
  const copy = async (job: PrefetchJob) => {
    try {
      await copyImage(job, parts);
      metrics.prefetched('copied');
    } catch (error) {
      metrics.prefetched('failed');
      throw error;
    }
  };
  return [followWishes(wishes, signal), wishes.queue.run(copy, signal)];
}

/** Several registries on one folder do the same work; that is as safe as it is rare. */
async function collectNowAndThen(
  storage: ServingParts['storage'],
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    // Not all at once after a rollout.
    await delay(COLLECTION_INTERVAL * (0.5 + Math.random()), signal);
    if (signal.aborted) return;
    try {
      logger.info(
        await storage.collect({ dryRun: false }),
        'copies without a stream were collected',
      );
    } catch (error) {
      logger.warn(
        { err: describeError(error) },
        'copies could not be collected; it is tried again',
      );
    }
  }
}
