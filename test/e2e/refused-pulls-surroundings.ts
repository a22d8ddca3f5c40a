import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import type { Place } from './conformance-client.ts';
import { eventually } from './installation.ts';

/** ms for the registry to tidy up after an answer. */
const LIMIT = 10_000;

/** What came back for bytes that no client library would send. */
export interface RawReply {
  readonly status: number;
  /** Of the first error in the body; empty when it is no error document. */
  readonly code: string;
  /** Everything that came, head and body. */
  readonly text: string;
}

/** A connection on which nothing is read until somebody does. */
export async function dial(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.pause();
  await once(socket, 'connect');
  return socket;
}

/** A request line and headers just as they are given, on a connection of their own; everything until it is closed. */
export async function sendRaw(
  { url, token }: Place,
  line: string,
  headers: readonly string[] = [],
): Promise<RawReply> {
  const socket = await dial(url);
  const fixed = ['Host: registry', `Authorization: Bearer ${token}`, 'Connection: close'];
  const names = new Set(headers.map((header) => header.split(':', 1)[0]));
  const kept = fixed.filter((header) => !names.has(header.split(':', 1)[0]));
  socket.write(Buffer.from([line, ...kept, ...headers, '', ''].join('\r\n'), 'latin1'));
  const said = await text(socket);
  const [, status = '0'] = /^HTTP\/1\.1 (\d{3})/.exec(said) ?? [];
  const [, code = ''] = /\{"errors":\[\{"code":"([A-Z_]+)"/.exec(said) ?? [];
  return { status: Number(status), code, text: said };
}

/** What a client has after it asked for something that may be cut off. */
export interface Transfer {
  /** 0 when not even the head came. */
  readonly status: number;
  /** Whether all of what the head promised came. */
  readonly isWhole: boolean;
  readonly bytes: Buffer;
  readonly headers: IncomingMessage['headers'];
}

/** Downloads as far as it is let. */
export async function download(
  { url, token }: Place,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Transfer> {
  const asked = get(`${url}${path}`, {
    agent: false,
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  const nothing = { status: 0, isWhole: false, bytes: Buffer.alloc(0), headers: {} };
  const reply = await once(asked, 'response').then(
    ([one]) => one as IncomingMessage,
    () => undefined,
  );
  if (reply === undefined) return nothing;
  const seen = { status: reply.statusCode ?? 0, headers: reply.headers };
  return buffer(reply).then(
    (bytes) => ({ ...seen, isWhole: true, bytes }),
    () => ({ ...nothing, ...seen }),
  );
}

/** All files under the folder of a registry's copies, as paths within it. */
export function storedFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** The copies once no download is under way any more. */
export function settledFiles(folder: string): Promise<readonly string[]> {
  return eventually(async () => {
    const files = storedFiles(folder);
    return files.some((file) => file.startsWith('drafts/')) ? undefined : files;
  }, LIMIT);
}

/** Where a copy of the blob would be. */
export function fileOf(digest: string): string {
  const [algorithm = '', hex = ''] = digest.split(':');
  return join('blobs', algorithm, hex.slice(0, 2), hex);
}
