import type { AddressInfo } from 'node:net';
import { createAuthenticator } from '@tagtrail/access-control';
import type { Status } from '@tagtrail/apimachinery';
import type { ImageStreamStore } from '@tagtrail/image-stream';
import { createMetrics, type Logger, type Metrics } from '@tagtrail/observability';
import type { ServedCertificate } from '@tagtrail/tls-server';
import type { FastifyInstance } from 'fastify';
import { serveAccessTokens } from './access-tokens/serve-access-tokens.ts';
import type { ApiAdapters } from './api-adapters.ts';
import { serveArchive } from './archive/serve-archive.ts';
import { FreshnessReader } from './checks/freshness-reader.ts';
import { serveChecks } from './checks/serve-checks.ts';
import { serveHistories } from './checks/serve-histories.ts';
import type { ApiConfig } from './config.ts';
import { readDashboard } from './dashboard/read-dashboard.ts';
import { serveDashboard } from './dashboard/serve-dashboard.ts';
import { listNamespaceNames } from './discovery/list-namespace-names.ts';
import { serveDiscovery } from './discovery/serve-discovery.ts';
import { serveNamespaces } from './discovery/serve-namespaces.ts';
import { FreshValue } from './fresh-value.ts';
import { closeServer } from './http/close-server.ts';
import { createServer } from './http/create-server.ts';
import { createRequestMetrics, type RequestMetrics } from './http/request-metrics.ts';
import { RunningRequests } from './http/running-requests.ts';
import { isUnexpected, statusOf } from './http/status-of.ts';
import { createImportMetrics } from './image-stream-imports/import-metrics.ts';
import { OpenImports } from './image-stream-imports/open-imports.ts';
import { RequestBacklog } from './image-stream-imports/request-backlog.ts';
import { serveImageStreamImports } from './image-stream-imports/serve-image-stream-imports.ts';
import { serveImageStreams } from './image-streams/serve-image-streams.ts';
import { serveImageStreamTags } from './image-tags/serve-image-stream-tags.ts';
import { serveImages } from './image-tags/serve-images.ts';
import { ListenError } from './listen-error.ts';
import type { Overview } from './overview/overview.ts';
import { OverviewFeed } from './overview/overview-feed.ts';
import { OverviewReader } from './overview/overview-reader.ts';
import { ProgressClock } from './overview/progress-clock.ts';
import { registerOverviewGauges } from './overview/register-overview-gauges.ts';
import { serveOverview } from './overview/serve-overview.ts';
import { finishAnswers } from './published/finish-answers.ts';
import { publishRepositories } from './published/publish-repositories.ts';
import { serveSecrets } from './secrets/serve-secrets.ts';
import { MoveLog } from './status/move-log.ts';
import { createQueueReport } from './status/queue-report.ts';
import { createReadiness } from './status/readiness.ts';
import { registerGauges } from './status/register-gauges.ts';
import { serveStatus } from './status/serve-status.ts';
import { ChangeFeed } from './watch/change-feed.ts';
import { ChangeFollower } from './watch/follow-changes.ts';
import { OpenWatches } from './watch/open-watches.ts';

/** ms that a collected list of namespaces is shown: collecting reads every stream. */
const NAMESPACES_FRESHNESS = 10_000;
/** ms before its end from which on a certificate is worth a word at the start: a process may well run for weeks. */
const EXPIRY_WARNING = 21 * 86_400_000;

export interface ApiServiceParts {
  readonly config: ApiConfig;
  readonly adapters: ApiAdapters;
  /** With one, the port answers https too. */
  readonly certificate: ServedCertificate | undefined;
  readonly logger: Logger;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly createUid: () => string;
}

/** The server with everything it serves, the feed behind its watches, and the order in which they stop. */
export class ApiService {
  readonly #parts: ApiServiceParts;
  readonly #app: FastifyInstance;
  /** What clients are answered from. */
  readonly #streams: ImageStreamStore;
  readonly #feed: ChangeFeed;
  readonly #running = new RunningRequests();
  readonly #moves = new MoveLog();
  readonly #watches: OpenWatches;
  readonly #imports = new OpenImports();
  readonly #requests: RequestMetrics;
  readonly #overview: OverviewFeed;

  constructor(parts: ApiServiceParts) {
    this.#parts = parts;
    const { config, adapters, certificate, logger } = parts;
    this.#streams = publishRepositories(adapters.streams, config.api.registryHostname);
    this.#feed = new ChangeFeed({ streams: this.#streams, logger });
    this.#watches = new OpenWatches(config.api.maxWatches);
    const metrics = createMetrics('api');
    this.#requests = createRequestMetrics(metrics);
    this.#app = createServer({
      rules: {
        authenticator: createAuthenticator({
          store: adapters.accessTokens,
          apiToken: config.api.token,
          now: parts.now,
        }),
        allowedHosts: config.api.allowedHosts,
        certificate,
        plainHttpForAll: certificate === undefined || config.api.allowPlainHttp,
      },
      logger,
      metrics: this.#requests,
      running: this.#running,
      maxWatches: config.api.maxWatches,
      certificate,
    });
    this.#serveApi();
    this.#serveImports(metrics);
    this.#overview = this.#serveStatus(metrics);
  }

  get url(): string {
    return `http://${this.#authority}`;
  }

  /** The same port over TLS; undefined without a certificate. */
  get secureUrl(): string | undefined {
    return this.#parts.certificate && `https://${this.#authority}`;
  }

  /** Throws ListenError when the address can't be had. */
  async listen(): Promise<void> {
    const { host, port } = this.#parts.config.api;
    try {
      await this.#app.listen({ host, port });
    } catch (error) {
      throw new ListenError({ host, port }, error);
    }
    const { url, secureUrl } = this;
    this.#parts.logger.info({ url, secureUrl }, 'listening');
    this.#warnOfExpiry();
  }

  /** What the heartbeat tells. */
  figures(): Readonly<Record<string, number>> {
    return { watchers: this.#watches.count, requestsPerSecond: this.#requests.perSecond() };
  }

  /** Follows the changes until the signal aborts; then ends all watches and lets running requests finish. */
  async run(signal: AbortSignal): Promise<void> {
    const following = [
      this.#feed.run(signal),
      this.#moves.run(this.#feed, signal),
      this.#overview.run(signal),
      this.#parts.adapters.watchFormat?.(signal),
    ];
    await Promise.all(following);
    await this.close();
  }

  async close(): Promise<void> {
    this.#watches.endAll();
    this.#imports.endAll();
    await closeServer(this.#app, this.#running);
  }

  get #authority(): string {
    const { address, family, port } = this.#app.server.address() as AddressInfo;
    return `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  #warnOfExpiry(): void {
    const { certificate, logger, now } = this.#parts;
    if (certificate === undefined || certificate.expires - now() > EXPIRY_WARNING) return;
    const expires = new Date(certificate.expires).toISOString();
    logger.warn({ expires }, 'the certificate has ended, or ends soon (api.certificateFile)');
  }

  #serveApi(): void {
    const { config, adapters, now, createUid } = this.#parts;
    const { checks, images } = adapters;
    const streams = this.#streams;
    const freshness = new FreshnessReader({ ...adapters, settings: config.schedule, now });
    const follower = new ChangeFollower({ feed: this.#feed, streams });
    const names = new FreshValue({
      read: () => listNamespaceNames(streams),
      freshness: NAMESPACES_FRESHNESS,
      now,
    });
    finishAnswers(this.#app, { streams, registryHostname: config.api.registryHostname });
    serveDiscovery(this.#app);
    serveNamespaces(this.#app, names);
    serveAccessTokens(this.#app, { ...adapters, logger: this.#parts.logger, now });
    serveSecrets(this.#app, { secrets: adapters.secrets, now, createUid });
    serveImageStreams(this.#app, {
      streams,
      checks,
      freshness,
      follower,
      watches: this.#watches,
      settings: config.schedule,
      registries: config.registries,
      now,
      createUid,
      statusOf: (error) => this.#explainCut(error),
    });
    serveImageStreamTags(this.#app, {
      streams,
      checks,
      freshness,
      images,
      settings: config.schedule,
      registries: config.registries,
      now,
      createUid,
    });
    serveImages(this.#app, { streams, images, now });
    serveChecks(this.#app, { streams, checks, freshness });
    serveHistories(this.#app, { streams });
    serveArchive(this.#app, { ...adapters, now });
  }

  #serveImports(metrics: Metrics): void {
    const { config, adapters, now, createUid } = this.#parts;
    const { checks, images, requests, requestedQueue: queue } = adapters;
    serveImageStreamImports(this.#app, {
      streams: this.#streams,
      checks,
      images,
      requests,
      queue,
      backlog: new RequestBacklog({ count: async () => (await queue.metrics()).waiting, now }),
      wait: config.api.importWait,
      registries: config.registries,
      now,
      createUid,
      open: this.#imports,
      metrics: createImportMetrics(metrics, this.#imports),
    });
  }

  /** The client learns it from a frame; nobody else would. */
  #explainCut(error: unknown): Status {
    const status = statusOf(error);
    if (isUnexpected(status)) this.#parts.logger.error({ err: error }, 'a watch was cut off');
    return status;
  }

  #serveStatus(metrics: Metrics): OverviewFeed {
    const { adapters, certificate, now, createUid } = this.#parts;
    const report = createQueueReport({ ...adapters, now });
    const run = createUid().replaceAll('-', '');
    registerGauges(metrics, { report, watches: this.#watches, certificate });
    serveDashboard(this.#app, readDashboard());
    serveStatus(this.#app, {
      report,
      moves: this.#moves,
      watches: this.#watches,
      metrics,
      ready: createReadiness({ streams: this.#streams, feed: this.#feed }),
      run,
    });
    const reader = new OverviewReader({ ...adapters, report, now });
    const clock = new ProgressClock();
    registerOverviewGauges(metrics, { reader, clock, now });
    const onOverview = (overview: Overview) => clock.note(overview);
    const feed = new OverviewFeed({ reader, moves: this.#moves, onOverview });
    serveOverview(this.#app, { reader, feed, watches: this.#watches, run });
    return feed;
  }
}
