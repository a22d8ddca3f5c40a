import type { RedisOptions } from 'ioredis';
import { RedisConnectionError } from './redis-connection-error.ts';

const DEFAULT_PORT = 6379;

/** Redis' own `databases` setting is an int; nobody has more, and a typo should not reach SELECT. */
const HIGHEST_DATABASE = 2 ** 31 - 1;

/**
 * Reads `redis://[user:password@]host[:port][/db]`, `rediss://…` (TLS) or
 * `unix:///path/to/socket[?password=…&username=…&db=0]`.
 * Throws RedisConnectionError `invalid-url` that names the faulty part and never repeats the URL.
 */
export function parseRedisUrl(url: string): RedisOptions {
  const parsed = parseUrl(url);
  switch (parsed.protocol) {
    case 'redis:':
      return networkOptions(parsed);
    case 'rediss:':
      return { ...networkOptions(parsed), tls: {} };
    case 'unix:':
      return socketOptions(parsed);
    default:
      throw invalid('its scheme must be redis, rediss or unix');
  }
}

function parseUrl(url: string): URL {
  // URL.parse, because the error of `new URL` carries the whole text, password included.
  const parsed = URL.parse(url);
  if (parsed === null) {
    throw invalid('it is not a URL');
  }
  if (parsed.hash !== '') {
    throw invalid('it has a fragment (a # in a password is written %23)');
  }
  return parsed;
}

function networkOptions(url: URL): RedisOptions {
  if (url.hostname === '') {
    throw invalid('it has no host');
  }
  rejectParameters(url, []);
  const path = url.pathname.replace(/^\//, '');
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    db: parseDatabase(path === '' ? '0' : path),
    ...credentials(decode(url.username, 'user name'), decode(url.password, 'password')),
  };
}

function socketOptions(url: URL): RedisOptions {
  if (url.host !== '' || url.username !== '' || url.password !== '') {
    throw invalid('a unix URL has no host: write unix:///path?password=…');
  }
  if (url.pathname.length < 2) {
    throw invalid('it has no socket path');
  }
  rejectParameters(url, ['password', 'username', 'db']);
  const query = url.searchParams;
  return {
    path: decode(url.pathname, 'socket path'),
    db: parseDatabase(query.get('db') ?? '0'),
    ...credentials(query.get('username') ?? '', query.get('password') ?? ''),
  };
}

function credentials(username: string, password: string): RedisOptions {
  if (username !== '' && password === '') {
    throw invalid('it has a user name but no password');
  }
  return {
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
  };
}

function parseDatabase(text: string): number {
  const database = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(database <= HIGHEST_DATABASE)) {
    throw invalid('its database must be a whole number');
  }
  return database;
}

function rejectParameters(url: URL, known: readonly string[]): void {
  if ([...url.searchParams.keys()].some((name) => !known.includes(name))) {
    throw invalid(
      known.length === 0
        ? 'it has query parameters, which this scheme does not take'
        : `its query parameters may only be ${known.join(', ')}`,
    );
  }
}

function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // The URIError adds nothing, and the text may be a password.
    throw invalid(`its ${part} is not percent-encoded UTF-8`);
  }
}

function invalid(problem: string): RedisConnectionError {
  return new RedisConnectionError('invalid-url', `the Redis URL is not usable: ${problem}`);
}
