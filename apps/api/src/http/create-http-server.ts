import { createServer, type RequestListener, type Server } from 'node:http';
import type { Logger } from '@tagtrail/observability';
import { type ServedCertificate, TlsOrPlainServer } from '@tagtrail/tls-server';

/** ms for a request to arrive completely; kubectl sends at once, uploads of 1 MiB over slow lines take seconds. */
const REQUEST_TIMEOUT = 30_000;
/** ms for the headers alone, so that idle half-open requests go early. */
const HEADERS_TIMEOUT = 10_000;
/** ms for the first byte, and for a TLS handshake after it: as long as headers may take. */
const GREETING_TIMEOUT = HEADERS_TIMEOUT;
/** ms an idle connection is kept for the next request; longer than the 60 s of common proxies. */
const KEEP_ALIVE_TIMEOUT = 75_000;
/** Bytes of all headers; a token and kubectl's Accept take about 1 KiB. */
const MAX_HEADER_BYTES = 16 * 1024;
/** Connections at once beside those of watches, so that requests find a place when all watches are taken. */
const SPARE_CONNECTIONS = 500;
/** ms between looks for requests that are overdue; Node's own 30 s would let the limits pass far. */
const TIMEOUT_CHECK_INTERVAL = 5_000;

const HTTP_LIMITS = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: HEADERS_TIMEOUT,
  requestTimeout: REQUEST_TIMEOUT,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
  connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL,
};

export interface HttpServerParts {
  readonly maxWatches: number;
  /** With one, the same port answers TLS and plain HTTP. */
  readonly certificate: ServedCertificate | undefined;
  readonly logger: Logger;
}

/** Node's HTTP server within our limits. Not listening yet. */
export function createHttpServer(parts: HttpServerParts, listener: RequestListener): Server {
  const { maxWatches, certificate, logger } = parts;
  const server =
    certificate === undefined
      ? createServer(HTTP_LIMITS, listener)
      : new TlsOrPlainServer(
          {
            ...HTTP_LIMITS,
            certificate,
            greetingTimeout: GREETING_TIMEOUT,
            onHandshakeFailed: (err) => logger.debug({ err }, 'a TLS handshake failed'),
          },
          listener,
        );
  server.maxConnections = maxWatches + SPARE_CONNECTIONS;
  return server;
}
