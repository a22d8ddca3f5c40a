import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { badRequest, type Status } from '@tagtrail/apimachinery';

/** What Node's parser could not make a request of, and the HTTP status that says so. */
const CODES: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'the request headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request did not arrive in time'],
};

/** ms for the peer to read the answer and hang up; one that never does must not keep its place. */
const LINGER_LIMIT = 1_000;

/** Answers what is not HTTP, or came too slowly, with a Status too, and closes the connection. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [code, message] = CODES[error.code ?? ''] ?? [400, 'the request is not valid HTTP'];
  const status: Status = { ...badRequest(message), code };
  const body = JSON.stringify(status);
  const head = [
    `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ''}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  const lingering = setTimeout(() => socket.destroy(), LINGER_LIMIT);
  socket.once('close', () => clearTimeout(lingering));
}
