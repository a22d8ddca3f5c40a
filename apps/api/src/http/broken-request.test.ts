import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerBrokenRequest } from './broken-request.ts';

describe('answerBrokenRequest', () => {
  let server: Server;

  beforeEach(async () => {
    server = createServer();
    server.on('clientError', (error, socket) => answerBrokenRequest(error, socket as Socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(() => {
    server.close();
  });

  it('answers with a Status, and cuts a peer that never hangs up', async () => {
    const accepting = once(server, 'connection');
    const { port } = server.address() as AddressInfo;
    const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    client.write('GARBAGE\r\n\r\n');
    const [accepted] = (await accepting) as [Socket];
    const closed = new Promise((resolve) => accepted.once('close', resolve));
    const answer = await text(client);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({
      kind: 'Status',
      code: 400,
    });
    await closed;
    client.destroy();
  });
});
