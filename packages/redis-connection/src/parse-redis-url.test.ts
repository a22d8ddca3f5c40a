import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRedisUrl } from './parse-redis-url.ts';
import { RedisConnectionError } from './redis-connection-error.ts';

describe('parseRedisUrl', () => {
  it('reads host, port, database and credentials', () => {
    expect(parseRedisUrl('redis://me:p%40ss@redis.example.com:6380/3')).toEqual({
      host: 'redis.example.com',
      port: 6380,
      db: 3,
      username: 'me',
      password: 'p@ss',
    });
  });

  it('takes 6379 and database 0 when the URL names none', () => {
    expect(parseRedisUrl('redis://localhost')).toEqual({ host: 'localhost', port: 6379, db: 0 });
    expect(parseRedisUrl('redis://localhost/')).toEqual({ host: 'localhost', port: 6379, db: 0 });
  });

  it('reads a password without a user name', () => {
    expect(parseRedisUrl('redis://:secret@localhost')).toMatchObject({ password: 'secret' });
    expect(parseRedisUrl('redis://:secret@localhost')).not.toHaveProperty('username');
  });

  it('turns TLS on for rediss', () => {
    expect(parseRedisUrl('rediss://redis.example.com')).toMatchObject({ tls: {} });
  });

  it('takes the brackets off an IPv6 address', () => {
    expect(parseRedisUrl('redis://[::1]:7000')).toMatchObject({ host: '::1', port: 7000 });
  });

  it('reads a unix socket with password and database', () => {
    expect(parseRedisUrl('unix:///run/a%20b/r.sock?password=p%26w&db=2')).toEqual({
      path: '/run/a b/r.sock',
      password: 'p&w',
      db: 2,
    });
  });

  it.each([
    ['no scheme', 'localhost:6379'],
    ['another scheme', 'http://localhost'],
    ['no host', 'redis:///0'],
    ['a database that is no number', 'redis://localhost/first'],
    ['a database beyond all databases', 'redis://localhost/9999999999'],
    ['a query on a network URL', 'redis://localhost?db=1'],
    ['an unknown parameter', 'unix:///r.sock?secret=1'],
    ['a unix URL with a host', 'unix://localhost/r.sock'],
    ['a unix URL without a path', 'unix:///'],
    ['a user name alone', 'redis://me@localhost'],
    ['a half percent sign', 'redis://:50%@localhost'],
    ['a fragment', 'redis://:a#b@localhost'],
    ['nothing', ''],
  ])('refuses %s', (_, url) => {
    expect(() => parseRedisUrl(url)).toThrow(RedisConnectionError);
  });

  it('never repeats the password in an error', () => {
    const broken = (secret: string) => [
      `redis://:${secret}@local host`,
      `redis://:${secret}@host/x`,
      `redis://:${secret}%@host`,
      `unix://host/r.sock?password=${secret}`,
      `unix:///r.sock?pasword=${secret}`,
      `redis://:${secret}#@host`,
    ];
    for (const url of broken('hunter2hunter2')) {
      try {
        parseRedisUrl(url);
        expect.unreachable(url.replace(/hunter2/g, '…'));
      } catch (error) {
        expect(inspectDeeply(error)).not.toContain('hunter2');
      }
    }
  });

  it('reads back any password that was percent-encoded', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), (password) => {
        const encoded = encodeURIComponent(password);
        expect(parseRedisUrl(`redis://:${encoded}@host`)).toMatchObject({ password });
        expect(parseRedisUrl(`unix:///s?password=${encoded}`)).toMatchObject({ password });
      }),
    );
  });
});

function inspectDeeply(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    parts.push(at.message, String(at.stack), JSON.stringify(at));
  }
  return parts.join('\n');
}
