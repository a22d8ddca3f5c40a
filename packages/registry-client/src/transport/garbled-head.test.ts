import { createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { openForTest } from '../testing/open-for-test.ts';
import {
  MANIFEST,
  MANIFEST_DIGEST,
  serveManifest,
  targetOf,
} from '../testing/scripted-registry.ts';
import { hostOf } from '../testing/scripted-server.ts';

const never = new AbortController().signal;
const HOUR = 3_600_000;

/** Answers HEAD with a body, which arrives when the next request is asked: then it stands where the reply should be. */
async function openGarblingRegistry() {
  const requests: {
    readonly line: string;
    readonly connection: number;
    readonly close: boolean;
  }[] = [];
  const sockets = new Set<Socket>();
  const reply = [
    'HTTP/1.1 200 OK',
    'content-type: application/vnd.oci.image.index.v1+json',
    `content-length: ${MANIFEST.length}`,
    `docker-content-digest: ${MANIFEST_DIGEST}`,
  ];
  const server = createServer((socket) => {
    sockets.add(socket);
    const connection = sockets.size;
    let owed = '';
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      // Hang up on a TLS handshake.
      if (bytes[0] === 0x16) return socket.destroy();
      const text = bytes.toString();
      const close = /connection: close/i.test(text);
      requests.push({ line: text.slice(0, text.indexOf(' ')), connection, close });
      const isHead = text.startsWith('HEAD');
      const body = isHead ? '' : MANIFEST.toString();
      const ending = close ? 'connection: close' : 'connection: keep-alive';
      socket.write(`${owed}${[...reply, ending].join('\r\n')}\r\n\r\n${body}`);
      owed = isHead ? MANIFEST.toString() : '';
      return close && socket.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    requests,
    target: targetOf(hostOf(server.address())),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('a registry that sends a body with its replies to HEAD', () => {
  it('is asked again over another connection, and then over one for each HEAD, for an hour', async () => {
    await using registry = await openGarblingRegistry();
    let now = 0;
    await using opened = await openForTest(serveManifest, { now: () => now });
    const look = async () =>
      (await opened.client.headManifest(registry.target, 'latest', never)).digest;
    for (let looks = 0; looks < 4; looks += 1) expect(await look()).toBe(MANIFEST_DIGEST);
    expect(registry.requests.map(({ close }) => close)).toEqual([false, false, true, true, true]);
    now = HOUR;
    await look();
    expect(registry.requests.at(-1)?.close).toBe(false);
  });
});
