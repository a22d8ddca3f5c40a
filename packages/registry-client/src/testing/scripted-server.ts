import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, isIPv4, type Socket } from 'node:net';
import type { TestCertificate } from './test-certificate.ts';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  /** Counts the connections that carried a request, from 1. */
  readonly connection: number;
}

/** A server for tests that answers exactly what it is told to, and keeps what it saw. */
export interface ScriptedServer extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly host: string;
  readonly url: string;
  readonly requests: SeenRequest[];
  readonly server: Server;
  /** Destroys every open connection. */
  hangUp(): void;
}

/** Serves on a free loopback port, over TLS when given a certificate. */
export async function openScriptedServer(
  answer: RequestListener,
  certificate?: TestCertificate,
): Promise<ScriptedServer> {
  const requests: SeenRequest[] = [];
  const numbers = new Map<Socket, number>();
  const listener: RequestListener = (request, response) => {
    const connection = numbers.get(request.socket) ?? numbers.size + 1;
    numbers.set(request.socket, connection);
    const { method = '', url = '', headers } = request;
    requests.push({ method, url, headers, connection });
    answer(request, response);
  };
  const server = certificate ? createTlsServer(certificate, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = hostOf(server.address());
  return {
    host,
    url: `${certificate ? 'https' : 'http'}://${host}`,
    requests,
    server,
    hangUp: () => server.closeAllConnections(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function hostOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') throw new Error('not a TCP server');
  const host = isIPv4(address.address) ? address.address : `[${address.address}]`;
  return `${host}:${address.port}`;
}
