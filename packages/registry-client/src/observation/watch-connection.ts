import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { TransportFailure } from '../transport/transport-failure.ts';
import { certificateFacts } from './certificate-facts.ts';
import type { ConnectionEvent, RegistryObserver } from './registry-event.ts';

/** Follows one attempt to connect. */
export interface ConnectionWatch {
  /** To be called before the socket can have done anything. */
  follow(socket: unknown): void;
  /** To be told a connection that somebody else has opened, such as a tunnel. */
  opened(socket: unknown): void;
  ended(failure?: TransportFailure): void;
}

/**
 * Listens first: undici goes on from the same signals, and a refused certificate can be read only before the socket is
 * destroyed for it, which is why `secure` and not `secureConnect` is waited for.
 */
export function watchConnection(
  place: Pick<ConnectionEvent, 'mode' | 'authority' | 'proxied'>,
  observe: RegistryObserver,
): ConnectionWatch {
  let since = performance.now();
  let opened: Pick<ConnectionEvent, 'address' | 'connectTook'> | undefined;
  let secure: ConnectionEvent['secure'];
  const lap = (): number => {
    const took = performance.now() - since;
    since += took;
    return took;
  };
  return {
    follow: (socket) => {
      if (!(socket instanceof Socket)) return;
      socket.prependOnceListener('lookup', lap);
      socket.prependOnceListener('connect', () => {
        opened = { connectTook: lap(), address: addressOf(socket) };
      });
      if (!(socket instanceof TLSSocket)) return;
      socket.prependOnceListener('secure', () => {
        const protocol = socket.getProtocol() ?? 'TLS';
        secure = {
          took: lap(),
          protocol,
          certificate: certificateFacts(socket.getPeerCertificate()),
        };
      });
    },
    opened: (socket) => {
      if (socket instanceof Socket) opened = { connectTook: lap(), address: addressOf(socket) };
    },
    ended: (failure) => {
      const { address, connectTook } = opened ?? { address: undefined, connectTook: undefined };
      observe({ kind: 'connection', ...place, address, connectTook, secure, failure });
    },
  };
}

function addressOf({ remoteAddress = '', remotePort = 0, remoteFamily }: Socket): string {
  const host = remoteFamily === 'IPv6' ? `[${remoteAddress}]` : remoteAddress;
  return `${host}:${remotePort}`;
}
