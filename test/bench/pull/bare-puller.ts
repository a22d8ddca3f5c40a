import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import {
  Agent,
  createServer,
  get,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { answerQuestions } from '../registry/script-child.ts';

/** What to serve: a file that is there, and one that comes from upstream first. */
export interface BareOrder {
  readonly warm: string;
  readonly upstream: string;
  /** `sha256:…` of either. */
  readonly digest: string;
  /** Bytes of either. */
  readonly size: number;
  readonly cold: string;
}

export interface BarePlace {
  readonly host: string;
  readonly pid: number;
}

/** Bytes per read, and the bytes that may wait for the disk: what packages/blob-store-folder has. */
const READ_SIZE = 512 * 1024;
const WRITE_BEHIND = 1024 * 1024;
const TYPE = { 'content-type': 'application/octet-stream' };

/** No tokens, ranges, records, quotas or metrics: what nobody who serves copies of blobs from Node can do without. */
function answerWith(order: BareOrder): RequestListener {
  const agent = new Agent({ keepAlive: true });
  return ({ url }, response) => {
    if (url === '/warm') return void sendFile(order, response);
    get(order.upstream, { agent }, (reply) => void passOn(order, reply, response));
  };
}

async function sendFile({ warm, size }: BareOrder, response: ServerResponse): Promise<void> {
  response.writeHead(200, { ...TYPE, 'content-length': size });
  // A client that leaves is no error.
  await pipeline(createReadStream(warm, { highWaterMark: READ_SIZE }), response).catch(() => {});
}

/** The end of the answer waits for the digest, the place of the file for the disk. */
async function passOn(
  { cold, size, digest }: BareOrder,
  reply: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const draft = `${cold}.draft`;
  const file = createWriteStream(draft, { highWaterMark: WRITE_BEHIND, flush: true });
  const sum = createHash('sha256');
  response.writeHead(200, { ...TYPE, 'content-length': size });
  for await (const chunk of reply) {
    const isFileReady = file.write(chunk);
    const isClientReady = response.write(chunk);
    sum.update(chunk);
    if (!isFileReady) await once(file, 'drain');
    if (!isClientReady && response.writableNeedDrain) await once(response, 'drain');
  }
  if (`sha256:${sum.digest('hex')}` !== digest) throw new Error(`${digest} came damaged`);
  response.end();
  file.end();
  await once(file, 'close');
  await rename(draft, cold);
  const folder = await open(dirname(cold));
  await folder.sync();
  await folder.close();
}

answerQuestions(async (order: BareOrder): Promise<BarePlace> => {
  const server = createServer(answerWith(order));
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, pid: process.pid };
});
