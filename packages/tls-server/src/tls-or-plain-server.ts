import { type RequestListener, Server, type ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { firstByte } from './first-byte.ts';
import type { ServedCertificate } from './served-certificate.ts';

/** The first byte of a TLS connection; no HTTP method begins with it. Source: RFC 8446 §5.1, ContentType handshake. */
const TLS_HANDSHAKE = 0x16;

export interface TlsOrPlainOptions extends ServerOptions {
  readonly certificate: Pick<ServedCertificate, 'certificatePem' | 'keyPem'>;
  /** ms for the first byte, and once more for the TLS handshake. */
  readonly greetingTimeout: number;
  readonly onHandshakeFailed?: (error: Error) => void;
}

/**
 * An HTTP server whose port speaks TLS too: the first byte of a connection tells which.
 *
 *     connection ──first byte──▶ 0x16? ──yes──▶ TLS handshake ──▶ HTTP/1.1
 *         │                        └─────no──────────────────────────▲
 *         └─ nothing within the limit ─▶ cut
 *
 * TLS ends in this process, and what comes out is a connection of this one HTTP server: its limits, its timeouts and
 * its stop hold for both kinds.
 */
export class TlsOrPlainServer extends Server {
  readonly #tls: TlsServer;
  readonly #greetingTimeout: number;
  /** Every open connection. Node knows only those that have got as far as HTTP. */
  readonly #open = new Set<Socket>();
  /** Those that have not sent anything yet. */
  readonly #silent = new Set<Socket>();

  constructor(options: TlsOrPlainOptions, listener: RequestListener) {
    super(options, listener);
    const { certificate, greetingTimeout, onHandshakeFailed } = options;
    this.#greetingTimeout = greetingTimeout;
    const speakHttp = this.#takeOverConnections();
    this.#tls = createTlsServer({
      cert: certificate.certificatePem,
      key: certificate.keyPem,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: greetingTimeout,
    });
    this.#tls.on('secureConnection', speakHttp);
    this.#tls.on('tlsClientError', (error, socket) => {
      socket.destroy();
      onHandshakeFailed?.(error);
    });
    this.on('connection', (socket: Socket) => void this.#greet(socket, speakHttp));
  }

  override closeIdleConnections(): void {
    super.closeIdleConnections();
    for (const socket of this.#silent) socket.destroy();
  }

  override closeAllConnections(): void {
    super.closeAllConnections();
    for (const socket of this.#open) socket.destroy();
  }

  /** Takes the place of Node's own listener, which is returned: it makes an HTTP connection of whatever it is given. */
  #takeOverConnections(): (socket: Socket) => void {
    const listeners = this.listeners('connection');
    this.removeAllListeners('connection');
    return (socket) => {
      for (const listener of listeners) listener.call(this, socket);
    };
  }

  async #greet(socket: Socket, speakHttp: (socket: Socket) => void): Promise<void> {
    this.#open.add(socket);
    this.#silent.add(socket);
    // What breaks a connection before it speaks is nobody's news, and 'close' follows.
    socket.on('error', () => undefined);
    socket.once('close', () => this.#open.delete(socket));
    const byte = await firstByte(socket, this.#greetingTimeout);
    this.#silent.delete(socket);
    if (byte === undefined || socket.destroyed) socket.destroy();
    else if (byte === TLS_HANDSHAKE) this.#tls.emit('connection', socket);
    else speakHttp(socket);
  }
}
