import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Logger } from '@tagtrail/observability';
import { type ServedCertificate, TlsOrPlainServer } from '@tagtrail/tls-server';

/** ms for a request to arrive whole: pulls have no bodies, and a form for a token is small. */
const REQUEST_TIMEOUT = 30_000;
const HEADERS_TIMEOUT = 10_000;
/** ms for the first byte, and for a TLS handshake after it. */
const GREETING_TIMEOUT = HEADERS_TIMEOUT;
/** ms an idle connection is kept; longer than the 60 s of proxies, and than the 90 s of Go's clients. */
const KEEP_ALIVE_TIMEOUT = 95_000;
/** Bytes of all headers: a token for a hundred repositories, and what proxies add. */
const MAX_HEADER_BYTES = 24 * 1024;
/** Connections at once. A node pulls with some ten; what is beyond is closed at once. */
const MAX_CONNECTIONS = 4_096;
const TIMEOUT_CHECK_INTERVAL = 5_000;
/** ms after a stop in which transfers may end; what is cut then is asked for again by its client. */
const STOP_GRACE = 3_000;

const LIMITS = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: HEADERS_TIMEOUT,
  requestTimeout: REQUEST_TIMEOUT,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
  connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL,
  noDelay: true,
};

export interface RegistryServerOptions {
  readonly host: string;
  readonly port: number;
  /** With one, the same port answers TLS and plain HTTP. */
  readonly certificate: ServedCertificate | undefined;
  readonly logger: Logger;
}

/** The address cannot be had; the message names it and what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code = 'cannot-listen';
  readonly retryable = false;
}

/** A server that listens. */
export interface RegistryServer extends AsyncDisposable {
  /** `http://127.0.0.1:5420`; tells which port was taken. */
  readonly url: string;
}

/** Listens, and hands requests over. Throws {@link ListenError} when the address cannot be had. */
export async function openRegistryServer(
  options: RegistryServerOptions,
  listener: RequestListener,
): Promise<RegistryServer> {
  const server = createLimited(options, listener);
  server.maxConnections = MAX_CONNECTIONS;
  // Idle ones make room for whoever wants something.
  server.on('drop', () => server.closeIdleConnections());
  const { host, port } = options;
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    throw listenError(`${host}:${port}`, error as NodeJS.ErrnoException);
  }
  const { address, family, port: taken } = server.address() as AddressInfo;
  const authority = `${family === 'IPv6' ? `[${address}]` : address}:${taken}`;
  return { url: `http://${authority}`, [Symbol.asyncDispose]: () => close(server) };
}

function createLimited(
  { certificate, logger }: RegistryServerOptions,
  listener: RequestListener,
): Server {
  const server =
    certificate === undefined
      ? createServer(LIMITS, listener)
      : new TlsOrPlainServer(
          {
            ...LIMITS,
            certificate,
            greetingTimeout: GREETING_TIMEOUT,
            onHandshakeFailed: (err) => logger.debug({ err }, 'a TLS handshake failed'),
          },
          listener,
        );
  server.on('clientError', (_, socket) => refuse(socket as Socket));
  return server;
}

/** What is no HTTP, or too large or too slow for it, is answered as far as that can be done. */
function refuse(socket: Socket): void {
  if (socket.writable)
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  else socket.destroy();
}

/** Transfers may end within the grace; idle connections go at once. */
async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), STOP_GRACE);
  await closed;
  clearTimeout(cut);
}

function listenError(place: string, error: NodeJS.ErrnoException): ListenError {
  const why: Readonly<Record<string, string>> = {
    EADDRINUSE: 'is in use; stop what listens there, or choose another one (registry.port)',
    EADDRNOTAVAIL: 'is no address of this machine (registry.host)',
    EACCES: 'may not be used by this user (registry.port)',
  };
  const reason = why[error.code ?? ''] ?? `cannot be used: ${error.message}`;
  return new ListenError(`${place} ${reason}`, { cause: error });
}
