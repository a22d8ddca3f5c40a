import { describe, expect, it } from 'vitest';
import { createApiClient } from './create-api-client.ts';
import { readBody } from './read-body.ts';
import { readLines } from './read-lines.ts';

const SERVER = 'https://tags.example.com';
const WEB = { namespace: 'shop', name: 'web' };
/** As the API would refuse, without its words. */
const SPEECHLESS = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code: 500 };

/** A client of a server that answers every request anew as `answer` says. */
function clientOf(answer: () => Response) {
  return createApiClient({ server: SERVER, fetch: async () => answer() });
}

function get(answer: () => Response) {
  return clientOf(answer).streams.get(WEB);
}

/** The first event of a watch whose connection brings `lines`. */
function watch(lines: string) {
  return clientOf(() => new Response(lines))
    .streams.watch()
    .next();
}

describe('who uses the API is told', () => {
  it.each([
    ['ftp://tags', 'the server must be an http:// or https:// URL'],
    ['https://me:secret@tags', 'the server URL must not hold credentials; pass the token instead'],
  ])('what is wrong with the address %s', (server, message) => {
    expect(() => createApiClient({ server })).toThrow(new TypeError(message));
  });

  it.each([
    ['ECONNREFUSED', 'connection refused'],
    ['ECONNRESET', 'connection reset'],
    ['ENOTFOUND', 'no such host'],
    ['EAI_AGAIN', 'the host name could not be looked up'],
    ['ETIMEDOUT', 'connection timed out'],
    ['UND_ERR_CONNECT_TIMEOUT', 'connection timed out'],
    ['UND_ERR_SOCKET', 'connection closed'],
    ['UND_ERR_HEADERS_TIMEOUT', 'no answer in time'],
    ['EHOSTUNREACH', 'EHOSTUNREACH'],
    [undefined, 'no connection'],
  ])('why the server is out of reach for now: %s', async (code, reason) => {
    await expect(unreachable(code)).rejects.toMatchObject({
      message: `cannot reach the Tagtrail API at ${SERVER}: ${reason}`,
      retryable: true,
    });
  });

  it.each([
    [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'its certificate is not signed by an authority that is trusted here',
    ],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is signed by itself and not trusted here'],
    ['CERT_SIGNATURE_FAILURE', 'its certificate is not signed by the authority that it names'],
    ['CERT_HAS_EXPIRED', 'its certificate has expired'],
    ['CERT_NOT_YET_VALID', 'its certificate is not valid yet'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for other host names'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'it does not speak TLS; is it an http:// address?'],
  ])('why it can not be spoken to until somebody mends it: %s', async (code, reason) => {
    await expect(unreachable(code)).rejects.toMatchObject({
      message: `cannot reach the Tagtrail API at ${SERVER}: ${reason}`,
      retryable: false,
    });
  });

  it.each<[message: string, asked: () => Promise<unknown>]>([
    ['the API answered 500', () => get(() => Response.json(SPEECHLESS, { status: 500 }))],
    [
      'https://tags.example.com answered 404 without a Status; is this the address of the Tagtrail API?',
      () => get(() => new Response('<html>', { status: 404 })),
    ],
    [
      'https://tags.example.com answered something that is not JSON',
      () => get(() => new Response('<html>')),
    ],
    [
      'the list has more than 1000 pages',
      () =>
        clientOf(() =>
          Response.json({ items: [], metadata: { continue: 'more' } }),
        ).streams.listAll(),
    ],
    [
      'the list of secrets has more than 1000 pages',
      () =>
        clientOf(() =>
          Response.json({ items: [], metadata: { continue: 'more' } }),
        ).secrets.listAll(),
    ],
    ['the answer is longer than 3 bytes', () => readBody(new Response('four'), 3)],
    ['a line of the watch is longer than 3 bytes', () => readLines(chunk('four'), 3).next()],
    ['a line of the watch is not JSON', () => watch('<html>\n')],
    ['a line of the watch is no event', () => watch('{"type":"ADDED"}\n')],
    [
      'the watch ended with an error that is no Status',
      () => watch('{"type":"ERROR","object":{}}\n'),
    ],
  ])('%s', async (message, asked) => {
    await expect(asked()).rejects.toMatchObject({ name: 'ApiError', message });
  });

  it('by the cause, that a watch ended before it was under way', async () => {
    await expect(watch('')).rejects.toMatchObject({
      message: `cannot reach the Tagtrail API at ${SERVER}: no connection`,
      cause: new Error('the watch was cut before it was under way'),
    });
  });
});

/** A request that fails as the platform's fetch does. */
function unreachable(code: string | undefined) {
  const cause = code === undefined ? undefined : { code };
  const refuse = () => Promise.reject(new TypeError('fetch failed', { cause }));
  return createApiClient({ server: SERVER, fetch: refuse }).streams.get(WEB);
}

async function* chunk(text: string) {
  yield new TextEncoder().encode(text);
}
