import type { Server as HttpServer } from 'node:http';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { ServerCertificate } from './tls/build-certificate.ts';

/** How a TLS handshake begins; no HTTP request does. */
const HANDSHAKE = 0x16;

/** ms for a handshake; Node's own TLS servers wait for two minutes. */
const HANDSHAKE_TIMEOUT = 10_000;

/** The port of a simulator. */
export interface RegistryFront {
  readonly listener: Server;
  /** Destroys every connection. */
  hangUp(): void;
}

/**
 * Accepts connections for an HTTP server. While there is a certificate, the port speaks TLS as well:
 * the first byte tells which of both a client wants.
 */
export function createFront(
  server: HttpServer,
  certificate: () => ServerCertificate | undefined,
): RegistryFront {
  const sockets = new Set<Socket>();
  // As an HTTP server of its own port would open them.
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const shown = certificate();
    if (shown === undefined) server.emit('connection', socket);
    else acceptEither(server, socket, shown);
  });
  return {
    listener,
    hangUp: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function acceptEither(server: HttpServer, socket: Socket, certificate: ServerCertificate): void {
  // Clients that do not trust the certificate leave in the middle of the handshake.
  socket.on('error', () => socket.destroy());
  socket.once('data', (first) => {
    socket.pause();
    socket.unshift(first);
    if (first[0] !== HANDSHAKE) {
      server.emit('connection', socket);
      // What was put back is read by the server only now.
      socket.resume();
      return;
    }
    const secure = new TLSSocket(socket, { isServer: true, ...certificate });
    secure.on('error', () => socket.destroy());
    secure.setTimeout(HANDSHAKE_TIMEOUT, () => socket.destroy());
    secure.once('secure', () => {
      secure.removeAllListeners('timeout').setTimeout(0);
      server.emit('connection', secure);
    });
  });
}
