import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type AddressInfo, connect as connectPlain, createServer, type Socket } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openCertificateForTest } from '../../../apps/api/src/testing/certificate-for-test.ts';
import { TlsOrPlainServer } from './tls-or-plain-server.ts';

/** ms; the shortest that a busy machine still keeps apart. */
const SHORT = 200;
const LONG = 30_000;
const MEBIBYTE = 1024 * 1024;
/** The beginning of a TLS record that never goes on. */
const HALF_HELLO = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]);

describe('TlsOrPlainServer', () => {
  let certificate: Awaited<ReturnType<typeof openCertificateForTest>>;
  let server: TlsOrPlainServer;
  let port: number;
  let failures: Error[];

  beforeAll(async () => {
    certificate = await openCertificateForTest();
    return () => certificate[Symbol.dispose]();
  });

  async function open(greetingTimeout: number) {
    failures = [];
    server = new TlsOrPlainServer(
      {
        certificate,
        greetingTimeout,
        onHandshakeFailed: (error) => failures.push(error),
        headersTimeout: SHORT,
        connectionsCheckingInterval: SHORT / 10,
      },
      async (request, response) => {
        const body = await buffer(request);
        const kind = request.socket instanceof TLSSocket ? 'TLS' : 'plain';
        response.end(`${kind} ${request.method} ${body.length}`);
      },
    );
    server.on('clientError', (_error, socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  }

  beforeEach(() => open(LONG));

  afterEach(async () => {
    if (server.listening) await end();
  });

  async function end() {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async function ask(scheme: 'http' | 'https', body = '') {
    const options = { host: '127.0.0.1', port, method: 'POST', agent: false };
    const request =
      scheme === 'http'
        ? httpRequest(options)
        : httpsRequest({ ...options, ca: certificate.caPem, servername: 'localhost' });
    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return text(response);
  }

  /** A connection, and the server's end of it. */
  async function dial(): Promise<{ client: Socket; accepted: Socket }> {
    const accepting = once(server, 'connection');
    const client = connectPlain({ port, host: '127.0.0.1', allowHalfOpen: true });
    client.on('error', () => undefined);
    const [accepted] = (await accepting) as [Socket];
    return { client, accepted };
  }

  async function handshake(options: { ALPNProtocols?: string[] } = {}) {
    const ca = certificate.caPem;
    const socket = connectTls({ port, host: '127.0.0.1', ca, servername: 'localhost', ...options });
    await once(socket, 'secureConnect');
    return socket;
  }

  const connections = () =>
    new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));

  it('answers https and http on one port', async () => {
    expect(await ask('https')).toBe('TLS POST 0');
    expect(await ask('http')).toBe('plain POST 0');
    const both = await Promise.all(
      Array.from({ length: 20 }, (_, index) => ask(index % 2 ? 'http' : 'https')),
    );
    expect(new Set(both)).toEqual(new Set(['plain POST 0', 'TLS POST 0']));
  });

  it.each(['http', 'https'] as const)('receives large bodies whole over %s', async (scheme) => {
    expect(await ask(scheme, 'x'.repeat(MEBIBYTE))).toContain(` ${MEBIBYTE}`);
  });

  it('speaks HTTP/1.1 to those who would rather speak HTTP/2', async () => {
    const socket = await handshake({ ALPNProtocols: ['h2', 'http/1.1'] });
    expect(socket.alpnProtocol).toBe('http/1.1');
    socket.destroy();
  });

  it('waits for the rest when the first byte comes alone, over plain HTTP', async () => {
    const { client, accepted } = await dial();
    client.write('G');
    await once(accepted, 'readable');
    client.end('ET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
    expect(await text(client)).toContain('plain GET 0');
  });

  it('waits for the rest when the first byte comes alone, over TLS', async () => {
    const target = port;
    const relay = createServer((from) => {
      const accepting = once(server, 'connection');
      const to = connectPlain(target, '127.0.0.1');
      to.pipe(from);
      from.once('data', async (hello: Buffer) => {
        from.pause();
        to.write(hello.subarray(0, 1));
        const [accepted] = (await accepting) as [Socket];
        await once(accepted, 'readable');
        to.write(hello.subarray(1));
        from.pipe(to);
      });
    });
    relay.listen(0, '127.0.0.1');
    await once(relay, 'listening');
    port = (relay.address() as AddressInfo).port;
    expect(await ask('https').finally(() => relay.close())).toBe('TLS POST 0');
  });

  it('keeps a connection for several requests over TLS', async () => {
    const socket = await handshake();
    const get = 'GET / HTTP/1.1\r\nhost: localhost\r\n';
    socket.write(`${get}\r\n${get}connection: close\r\n\r\n`);
    expect((await text(socket)).match(/TLS GET 0/g)).toHaveLength(2);
  });

  it('cuts what begins like TLS and is none, and forgets it', async () => {
    const { client, accepted } = await dial();
    const closed = once(accepted, 'close');
    client.write(Buffer.from([0x16, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    await closed;
    expect(failures.map((error) => (error as { code?: string }).code)).toEqual([
      'ERR_SSL_WRONG_VERSION_NUMBER',
    ]);
    expect(await connections()).toBe(0);
  });

  it('leaves all other first bytes to HTTP', async () => {
    const { client } = await dial();
    client.end(Buffer.from([0x80, 0x2e, 0x01]));
    expect(await text(client)).toContain('400 Bad Request');
  });

  it('cuts who says nothing, and who never ends the handshake', async () => {
    await end();
    await open(SHORT);
    const silent = await dial();
    const half = await dial();
    const closed = [once(silent.accepted, 'close'), once(half.accepted, 'close')];
    half.client.write(HALF_HELLO);
    await Promise.all(closed);
    expect(await connections()).toBe(0);
  });

  it('closes its end when a peer ends without a word', async () => {
    const { client, accepted } = await dial();
    client.end();
    await once(accepted, 'close');
    expect(await connections()).toBe(0);
  });

  it('survives a peer that resets the connection before it spoke', async () => {
    const { client, accepted } = await dial();
    const closed = new Promise((resolve) => accepted.once('close', resolve));
    client.resetAndDestroy();
    await closed;
    expect(await ask('https')).toBe('TLS POST 0');
  });

  it('holds the time limit for headers over TLS too', async () => {
    const socket = await handshake();
    socket.write('GET / HTTP/1.1\r\n');
    expect(await text(socket)).toContain('400 Bad Request');
  });

  it('ends at once when all that is open says nothing', async () => {
    await dial();
    await dial();
    const closed = once(server, 'close');
    server.close();
    await closed;
  });

  it('ends with connections of every kind when it is told to cut them', async () => {
    const silent = await dial();
    const half = await dial();
    half.client.write(HALF_HELLO);
    await once(half.accepted, 'readable');
    const secure = await handshake();
    const plain = await dial();
    plain.client.write('GET / HTTP/1.1\r\n');
    await once(plain.accepted, 'readable');
    const ended = [silent.client, half.client, secure, plain.client].map((socket) => {
      socket.resume();
      return once(socket, 'end');
    });
    await Promise.all([end(), ...ended]);
  });
});
