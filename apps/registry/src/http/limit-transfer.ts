import type { ServerResponse } from 'node:http';

/** ms in which a client must take something of what is ready for it. */
const STALL = 60_000;
/** ms that any transfer may take. */
const LONGEST_START = 600_000;
/** Bytes per second that a client takes at least, on the whole: a line of the nineties. */
const SLOWEST = 8 * 1024;

/** Cuts clients that take nothing, or next to nothing: each holds a connection and a file. */
export function limitTransfer(response: ServerResponse, size: number): void {
  const { socket } = response;
  if (socket === null) return;
  const onTimeout = () => {
    // While nothing waits for the client, it is the client that waits.
    if (response.writableLength > 0 || socket.writableLength > 0) response.destroy();
  };
  socket.setTimeout(STALL);
  socket.on('timeout', onTimeout);
  const allowed = LONGEST_START + (size / SLOWEST) * 1_000;
  const late = setTimeout(() => response.destroy(), Math.min(allowed, 2 ** 31 - 1)).unref();
  response.once('close', () => {
    clearTimeout(late);
    socket.off('timeout', onTimeout);
    socket.setTimeout(0);
  });
}
