import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { ByteRange, HeldBlob } from '@tagtrail/blob-store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, openStoreForTest, type StoreForTest } from '../testing/a-draft.ts';
import { sendCopy } from './send-copy.ts';

/** Several pieces, and a part of one; more than the buffers of both kernels take. */
const CONTENT = randomBytes(32 * 1024 * 1024 + 12_345);
const LAST = CONTENT.length - 1;

let opened: StoreForTest;
let server: Server;
let range: ByteRange;
let sent: PromiseWithResolvers<void>;

beforeEach(async () => {
  opened = await openStoreForTest();
  const { store } = opened;
  await using draft = await store.create(digestOf(CONTENT), CONTENT.length);
  await draft.write(CONTENT);
  await draft.commit();
  sent = Promise.withResolvers();
  server = createServer(async (_, response) => {
    const held = (await store.open(digestOf(CONTENT))) as HeldBlob;
    const done = sendCopy(response, held, range).finally(() => held[Symbol.asyncDispose]());
    done.then(sent.resolve, sent.reject);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await opened[Symbol.asyncDispose]();
});

const port = () => (server.address() as AddressInfo).port;

async function pull(wanted: ByteRange): Promise<Buffer> {
  range = wanted;
  const reply = await fetch(`http://127.0.0.1:${port()}/`);
  return Buffer.from(await reply.arrayBuffer());
}

describe('a copy', () => {
  it.each([
    [0, LAST],
    [0, 0],
    [LAST, LAST],
    [524_287, 524_288],
    [7, 600_000],
    [1_048_576, 2_097_151],
  ])('is sent from byte %i to byte %i', async (start, end) => {
    const bytes = await pull({ start, end });
    await sent.promise;
    expect(bytes.equals(CONTENT.subarray(start, end + 1))).toBe(true);
  });

  it('reaches each of many clients whole, whatever memory there is for each', async () => {
    range = { start: 0, end: LAST };
    const pulls = await Promise.all(Array.from({ length: 8 }, () => pull(range)));
    expect(pulls.every((bytes) => bytes.equals(CONTENT))).toBe(true);
  });

  it('is let go when its client leaves in the middle', async () => {
    range = { start: 0, end: LAST };
    const socket = connect(port(), '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    socket.destroy();
    await sent.promise;
    expect(await opened.store.remove(digestOf(CONTENT), Number.POSITIVE_INFINITY)).toBe(true);
  });
});
