import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import { hostOf } from '../../../../../packages/registry-client/src/testing/scripted-server.ts';
import type { TestCertificate } from '../../../../../packages/registry-client/src/testing/test-certificate.ts';

/** TLS in front of a server of plain HTTP. */
export interface TlsFront extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly host: string;
}

/** Every connection to it goes on to `upstream`, a port of this machine. */
export async function openTlsFront(
  certificate: TestCertificate,
  upstream: number,
): Promise<TlsFront> {
  const sockets = new Set<Socket>();
  const server = createServer(certificate, (socket) => {
    const onward = connect(upstream, '127.0.0.1');
    for (const end of [socket, onward]) {
      sockets.add(end);
      end.on('error', () => undefined);
    }
    socket.on('close', () => onward.destroy());
    onward.on('close', () => socket.destroy());
    socket.pipe(onward).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: hostOf(server.address()),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
