import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/**
 * A process that does nothing but `socket.write`: once as many readers are connected as it was told, it writes one frame
 * of so many bytes to each of them, again and again. It answers its parent when it listens and when all is written.
 */
async function main([readers = '0', frames = '0', bytes = '0']: readonly string[]): Promise<void> {
  const sockets: Socket[] = [];
  const all = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    sockets.push(socket);
    if (sockets.length === Number(readers)) all.resolve();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send?.(server.address());
  await all.promise;
  await once(process, 'message');
  const frame = Buffer.alloc(Number(bytes), 'x');
  for (let sent = 0; sent < Number(frames); sent += 1) {
    const full = sockets.filter((socket) => !socket.write(frame));
    await Promise.all(full.map((socket) => once(socket, 'drain')));
    // As between two changes: whatever else there is gets its turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  process.send?.('written');
  await once(process, 'message');
  for (const socket of sockets) socket.destroy();
  server.close();
  process.disconnect();
}

await main(process.argv.slice(2));
