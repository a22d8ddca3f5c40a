import type { Socket } from 'node:net';

/**
 * The first byte that arrives on a connection; it stays there for whoever reads next. Undefined when none comes within
 * `limit` ms, or when the peer ends first. The connection is left paused.
 */
export function firstByte(socket: Socket, limit: number): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const settle = (byte?: number) => {
    clearTimeout(timer);
    socket.off('readable', look).off('end', giveUp).off('close', giveUp);
    resolve(byte);
  };
  const giveUp = () => settle();
  const look = () => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    socket.unshift(chunk);
    settle(chunk[0]);
  };
  const timer = setTimeout(giveUp, limit);
  socket.on('readable', look).once('end', giveUp).once('close', giveUp);
  return promise;
}
