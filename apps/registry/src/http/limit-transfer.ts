import type { ServerResponse } from 'node:http';

/** How long clients may take. */
export interface TransferLimits {
  /** ms in which a client must take something of what is ready for it. */
  readonly stall: number;
  /** ms that any transfer may take. */
  readonly start: number;
  /** Bytes per second that a client takes at least, on the whole. */
  readonly slowest: number;
}

/** The slowest is a line of the nineties. */
export const TRANSFER_LIMITS: TransferLimits = {
  stall: 60_000,
  start: 600_000,
  slowest: 8 * 1024,
};

/** Cuts clients that take nothing, or next to nothing: each holds a connection and a file. */
export function limitTransfer(
  response: ServerResponse,
  size: number,
  { stall, start, slowest }: TransferLimits = TRANSFER_LIMITS,
): void {
  const { socket } = response;
  if (socket === null) return;
  // By the response: with no listener there, Node would cut whoever waits, too.
  response.setTimeout(stall, () => {
    // While nothing waits for the client, it is the client that waits.
    if (response.writableLength > 0 || socket.writableLength > 0) response.destroy();
  });
  const allowed = start + (size / slowest) * 1_000;
  const late = setTimeout(() => response.destroy(), Math.min(allowed, 2 ** 31 - 1)).unref();
  // What the connection may take until the next request is for the server to say, which has done so by then.
  response.once('close', () => clearTimeout(late));
}
