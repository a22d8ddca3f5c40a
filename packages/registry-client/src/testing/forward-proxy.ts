import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { hostOf } from './scripted-server.ts';

/** A proxy that opens tunnels, and keeps what it was asked for. */
export interface ForwardProxy extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** `host:port` of each tunnel, with the Proxy-Authorization that came along. */
  readonly tunnels: { readonly place: string; readonly authorization: string | undefined }[];
}

/** Tunnels lead to `destination`, whatever name is asked for: a proxy has its own idea of names. */
export async function openForwardProxy(
  destination: string,
  { status = 200 }: { readonly status?: number } = {},
): Promise<ForwardProxy> {
  const tunnels: ForwardProxy['tunnels'] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('connect', ({ url = '', headers }, socket) => {
    tunnels.push({ place: url, authorization: headers['proxy-authorization'] });
    socket.write(`HTTP/1.1 ${status} because\r\n\r\n`);
    if (status !== 200) return socket.end();
    const [host, port] = destination.split(':');
    const onward = connect({ host, port: Number(port) });
    sockets.add(onward);
    for (const end of [socket, onward]) end.on('error', () => end.destroy());
    return socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://${hostOf(server.address())}`,
    tunnels,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
