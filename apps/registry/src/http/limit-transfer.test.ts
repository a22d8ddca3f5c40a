import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limitTransfer, TRANSFER_LIMITS } from './limit-transfer.ts';

/** More than the buffers of both kernels take. */
const MUCH = Buffer.alloc(32 * 1024 * 1024);
const HOUR = 3_600_000;
const GENEROUS = { stall: HOUR, start: HOUR, slowest: 1 };

let server: Server;
let listener: RequestListener;
beforeEach(async () => {
  server = createServer((request, response) => listener(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** Asks, and reads nothing by itself. */
async function ask(): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined).pause();
  await once(socket, 'connect');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  return socket;
}

describe('a transfer', () => {
  it('is cut when its client takes nothing', async () => {
    const ended = Promise.withResolvers<boolean>();
    listener = (_, response) => {
      limitTransfer(response, MUCH.length, { ...GENEROUS, stall: 50 });
      response.once('close', () => ended.resolve(response.writableFinished));
      response.end(MUCH);
    };
    const socket = await ask();
    expect(await ended.promise).toBe(false);
    socket.destroy();
  });

  it('is cut when it takes longer than its size may', async () => {
    const ended = Promise.withResolvers<boolean>();
    listener = (_, response) => {
      limitTransfer(response, 1_000, { stall: HOUR, start: 50, slowest: 1_000_000 });
      response.once('close', () => ended.resolve(response.writableFinished));
      response.write('.');
    };
    const socket = await ask();
    socket.resume();
    expect(await ended.promise).toBe(false);
  });

  it('goes on when it is the client that waits', async () => {
    listener = (_, response) => {
      limitTransfer(response, 4, { ...GENEROUS, stall: 50 });
      response.setHeader('connection', 'close');
      response.socket?.once('timeout', () => response.end('late'));
    };
    expect(await text(await ask())).toMatch(/late/);
  });

  it('leaves its connection to the time that idle ones have', async () => {
    server.keepAliveTimeout = 20;
    listener = (_, response) => {
      limitTransfer(response, 4, TRANSFER_LIMITS);
      response.end('done');
    };
    expect(await text(await ask())).toMatch(/done/);
  });
});
