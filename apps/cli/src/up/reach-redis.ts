import { once } from 'node:events';
import { connect } from 'node:net';
import { CliError, describeSystemError } from '../cli-error.ts';
import { plainText } from '../terminal/plain-text.ts';

/** ms for a connection; a Redis that is there takes one round trip. */
const CONNECT_TIMEOUT = 5_000;
const DEFAULT_PORT = 6379;

/** How a Redis URL is shown: without user, password and parameters. Throws CliError `redis` when it is none. */
export function describeRedisUrl(text: string): string {
  const { protocol, host, pathname } = parseRedisUrl(text);
  return plainText(`${protocol}//${protocol === 'unix:' ? pathname : host}`);
}

/** Throws CliError `redis` unless somebody listens there: six processes that wait in vain would say it less clearly. */
export async function checkRedisReachable(text: string): Promise<void> {
  const { protocol, hostname, port, pathname } = parseRedisUrl(text);
  const target =
    protocol === 'unix:'
      ? { path: decodeURIComponent(pathname) }
      : { host: hostname.replace(/^\[|\]$/gu, ''), port: Number(port || DEFAULT_PORT) };
  const socket = connect(target);
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_TIMEOUT) });
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'AbortError';
    const reason = isLate ? 'no answer in time' : describeSystemError(error);
    throw new CliError('redis', `cannot reach Redis at ${describeRedisUrl(text)}: ${reason}`, {
      cause: error,
      retryable: true,
    });
  } finally {
    socket.destroy();
  }
}

function parseRedisUrl(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^(?:rediss?|unix):$/u.test(url.protocol)) return url;
  // The text may hold a password: it is not quoted.
  throw new CliError('redis', 'REDIS_URL is not a redis://, rediss:// or unix:// URL');
}
