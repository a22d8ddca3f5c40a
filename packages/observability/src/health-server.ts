import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HealthCheck } from './health-check.ts';
import { createHealthPages } from './health-pages.ts';
import { listenError } from './health-server-error.ts';
import type { Metrics } from './metrics.ts';

/** ms for a request to arrive whole. Probes and scrapes are one packet; anything slower holds the socket on purpose. */
const REQUEST_TIMEOUT = 5_000;
/** ms between looks for overdue requests: Node's own 30 s would let REQUEST_TIMEOUT pass six times over. */
const TIMEOUT_CHECK_INTERVAL = 1_000;
/** ms that an idle connection is kept, longer than the usual scrape takes, shorter than two scrapes apart. */
const KEEP_ALIVE_TIMEOUT = 5_000;
/** Bytes of request headers; a probe sends a few hundred. */
const HEADER_LIMIT = 8 * 1024;
/** Sockets at once: kubelet, a few scrapers and a person are fewer than ten. */
const CONNECTION_LIMIT = 64;

export interface HealthServerOptions {
  readonly host: string;
  /** 0 takes a free port; `url` tells which. */
  readonly port: number;
  readonly metrics: Metrics;
  readonly ready: HealthCheck;
  readonly live: HealthCheck;
  /** Lets other machines read /metrics when bound to more than loopback. /healthz and /readyz always answer. */
  readonly openToNetwork?: boolean;
}

export interface HealthServer extends AsyncDisposable {
  /** Where it listens, e.g. `http://127.0.0.1:9440`. */
  readonly url: string;
}

/** Opens GET /healthz, /readyz and /metrics. Throws HealthServerError when the address can't be had. */
export async function openHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const server = createServer(
    {
      requestTimeout: REQUEST_TIMEOUT,
      headersTimeout: REQUEST_TIMEOUT,
      connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
      maxHeaderSize: HEADER_LIMIT,
    },
    createHealthPages({ ...options, metricsForAll: options.openToNetwork === true }),
  );
  server.maxConnections = CONNECTION_LIMIT;
  await listen(server, options);
  return { url: urlOf(server), [Symbol.asyncDispose]: () => close(server) };
}

async function listen(server: Server, { host, port }: HealthServerOptions): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    throw listenError(`${host}:${port}`, error as NodeJS.ErrnoException);
  }
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** Cuts open requests too: nobody is helped by waiting for the probe of a process that goes away. */
async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
