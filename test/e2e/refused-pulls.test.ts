import { hash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Place } from './conformance-client.ts';
import { ContentBuilder } from './conformance-content.ts';
import { followContent } from './conformance-surroundings.ts';
import { type ContentServer, openContentServer } from './content-server.ts';
import { openPulling, type Pulling } from './pulling.ts';
import {
  download,
  type RawReply,
  sendRaw,
  settledFiles,
  storedFiles,
} from './refused-pulls-surroundings.ts';

const HEX = hash('sha256', 'nobody has this', 'hex');
const UNKNOWN = `sha256:${HEX}`;

const mine = new ContentBuilder('mine');
const image = mine.image({ tag: 'latest' });
const [layer = 'sha256:' as const] = mine.layersOf(image);

let pulling: Pulling;
let upstream: ContentServer;
let place: Place;
let before: readonly string[];

beforeAll(async () => {
  [pulling, upstream] = await Promise.all([openPulling(), openContentServer()]);
  const { tagtrail, registry } = pulling;
  place = { url: registry.url, token: tagtrail.token };
  const { host } = upstream;
  upstream.serve('mine', mine);
  const wish = { namespace: 'demo', name: 'web', tags: { latest: 'mine:latest' } };
  await followContent(tagtrail, { ...wish, host });
});
afterAll(async () => {
  await pulling?.[Symbol.asyncDispose]();
  await upstream?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  // What the test before has pulled may just be becoming a copy.
  before = await settledFiles(pulling.registry.folder);
  upstream.clearRequests();
});

/** Looks of the worker aside, nobody upstream has heard of it, and nothing of it is kept. */
function expectNoTrace(): void {
  const asked = upstream.requests.filter(
    ({ method, path }) => method !== 'HEAD' || !/manifests/.test(path),
  );
  expect(asked).toEqual([]);
  expect(storedFiles(pulling.registry.folder)).toEqual(before);
}

const told = ({ status, code }: RawReply) => `${status} ${code}`.trim();

describe('a path that is not what it looks like', () => {
  afterEach(expectNoTrace);

  it.each([
    ['/v2/demo/web/blobs/../../../../etc/passwd', '404 UNSUPPORTED'],
    ['/v2/demo/web/blobs/sha256:../../../etc/passwd', '404 UNSUPPORTED'],
    ['/v2/demo/web/blobs/..', '400 DIGEST_INVALID'],
    ['/v2/demo/web/manifests/..', '404 MANIFEST_UNKNOWN'],
    ['/v2/demo/web/referrers/..', '400 DIGEST_INVALID'],
    [`/v2/../demo/web/blobs/${UNKNOWN}`, '400 NAME_INVALID'],
    [`/v2/demo/../other/web/blobs/${UNKNOWN}`, '400 NAME_INVALID'],
    [`/v2/demo/./web/manifests/${UNKNOWN}`, '400 NAME_INVALID'],
    [`/v2/demo//web/manifests/${UNKNOWN}`, '400 NAME_INVALID'],
    ['/v2//manifests/latest', '404 UNSUPPORTED'],
    ['//v2/demo/web/manifests/latest', '404 UNSUPPORTED'],
    ['/v2/../v2/demo/web/manifests/latest', '400 NAME_INVALID'],
    ['http://elsewhere.example/v2/demo/web/manifests/latest', '404 UNSUPPORTED'],
    ['/v2/web/manifests/latest', '404 NAME_UNKNOWN'],
    ['/v2/demo/web/more/manifests/latest', '404 NAME_UNKNOWN'],
    ['/v2/demo/nothing/manifests/latest', '404 NAME_UNKNOWN'],
    [`/v2/${'a/'.repeat(600)}manifests/latest`, '400 NAME_INVALID'],
  ])('is refused: %s', async (path, expected) => {
    expect(told(await sendRaw(place, `GET ${path} HTTP/1.1`))).toBe(expected);
    expect((await sendRaw(place, `HEAD ${path} HTTP/1.1`)).status).toBe(
      Number(expected.slice(0, 3)),
    );
  });

  it.each([
    '/v2/demo%2fweb/manifests/latest',
    '/v2/demo%2Fweb/manifests/latest',
    '/v2/demo/web%2f..%2f..%2fother/manifests/latest',
    '/v2/demo/web/blobs/sha256:%2e%2e%2f%2e%2e%2fpasswd',
    '/v2/%2e%2e/web/manifests/latest',
    '/v2/demo/web/blobs/%252e%252e%252fpasswd',
    '/v2/demo/web/blobs/..%5c..%5cpasswd',
    `/v2/demo/web/blobs/${UNKNOWN}%00`,
    '/v2/demo/web/manifests/latest%0d%0aX-Injected:%20yes',
    '/v2/demo/web/manifests/%c0%ae%c0%ae',
    '/v2/demo/web/manifests/%zz',
    '/v2/demo\\web/manifests/latest',
  ])('is refused in disguise: %s', async (path) => {
    expect(told(await sendRaw(place, `GET ${path} HTTP/1.1`))).toBe('400 NAME_INVALID');
  });

  it.each([
    'sha256:',
    `sha256:${HEX.slice(1)}`,
    `sha256:${HEX}0`,
    `sha256:${HEX.toUpperCase()}`,
    `SHA256:${HEX}`,
    `sha512:${HEX}`,
    `sha1:${HEX.slice(0, 40)}`,
    `md5:${HEX.slice(0, 32)}`,
    `sha256+b64:${HEX}`,
    HEX,
    `sha256:${HEX}:${HEX}`,
    `sha256:${HEX.slice(2)}..`,
    `sha256:${HEX.slice(2)}%20%20`,
  ])('is no digest: %s', async (digest) => {
    for (const kind of ['blobs', 'referrers']) {
      const reply = await sendRaw(place, `GET /v2/demo/web/${kind}/${digest} HTTP/1.1`);
      expect(told(reply)).toBe('400 DIGEST_INVALID');
    }
  });
});

describe('a header that is not what it looks like', () => {
  afterEach(expectNoTrace);
  const manifest = 'GET /v2/demo/web/manifests/latest HTTP/1.1';

  it.each([
    ['two lengths', ['Content-Length: 5', 'Content-Length: 6']],
    ['a length and chunks', ['Content-Length: 5', 'Transfer-Encoding: chunked']],
    ['a folded line', ['X-A: a', ' b: c']],
    ['no name', [': a']],
    ['a bare line feed', ['X-A: a\nX-B: b']],
    ['more than is looked at', [`X-A: ${'a'.repeat(30_000)}`]],
  ])('is no request: %s', async (_, headers) => {
    const { status, text } = await sendRaw(place, manifest, headers);
    expect(status).toBe(400);
    expect(text).not.toContain('Docker-Content-Digest');
  });

  it('is not repeated in a challenge when it is no host', async () => {
    const headers = ['Host: evil.example",error="x', 'Authorization: '];
    const { status, text } = await sendRaw(place, manifest, headers);
    expect(status).toBe(401);
    expect(text.toLowerCase()).toContain(`realm="http://${new URL(place.url).host}/token"`);
    expect(text).not.toContain('evil');
  });

  it.each(['HEAD', 'GET'])('never comes back out of what %s asks for', async (method) => {
    for (const path of [
      '/v2/demo/web/manifests/é"\x80;X-Injected',
      '/v2/demo/web/tags/list?n=1%0d%0aX-Injected:1&last=%0d%0aX-Injected:1',
      `/v2/demo/web/referrers/${image.digest}?artifactType=%0d%0aX-Injected:1`,
    ]) {
      const { text } = await sendRaw(place, `${method} ${path} HTTP/1.1`);
      const [head = ''] = text.split('\r\n\r\n', 1);
      expect(head).not.toMatch(/^x-injected/im);
      expect(head).toMatch(/^[\x20-\x7e\r\n]+$/);
    }
    upstream.clearRequests();
  });

  it("is nobody's: wrong tokens are told apart from none, and ask nobody", async () => {
    for (const authorization of ['Bearer wrong', 'Basic !!', 'Digest a', 'Bearer a b', 'Bearer']) {
      const headers = [`Authorization: ${authorization}`];
      for (const path of [`manifests/${image.digest}`, `blobs/${layer}`]) {
        const reply = await sendRaw(place, `GET /v2/demo/web/${path} HTTP/1.1`, headers);
        expect(told(reply)).toBe('401 UNAUTHORIZED');
      }
    }
  });
});

describe('a method that changes something', () => {
  afterEach(expectNoTrace);

  it.each(['PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'])(
    'is refused: %s',
    async (method) => {
      for (const path of [
        '/v2/',
        '/v2/_catalog',
        '/v2/demo/web/manifests/latest',
        `/v2/demo/web/manifests/${image.digest}`,
        `/v2/demo/web/blobs/${layer}`,
        '/v2/demo/web/blobs/uploads/',
        '/v2/demo/web/tags/list',
        `/v2/demo/web/referrers/${image.digest}`,
      ]) {
        const reply = await sendRaw(place, `${method} ${path} HTTP/1.1`, ['Content-Length: 0']);
        expect([path, told(reply)]).toEqual([path, '405 UNSUPPORTED']);
        expect(reply.text).toMatch(/\r\nallow: GET, HEAD\r\n/i);
      }
    },
  );
});

describe('a range that is no range', () => {
  const whole = mine.blobs.get(layer) ?? Buffer.alloc(0);
  const path = `/v2/demo/web/blobs/${layer}`;

  it.each([
    `bytes=${'0-,'.repeat(2_000)}0-`,
    `bytes=0-0,${Array.from({ length: 1_000 }, (_, at) => `${at}-${at}`).join(',')}`,
    'bytes=0-1, 2-3',
    'bytes=a-b',
    'bytes=--1',
    'bytes 0-1',
    'lines=1-2',
    'bytes=0x0-0x1',
  ])('gets the whole, once: %.30s', async (range) => {
    const { status, bytes } = await download(place, path, { range });
    expect([status, bytes.equals(whole)]).toEqual([200, true]);
  });

  it.each(['bytes=-0', 'bytes=5-1', 'bytes=99999999999999999999-'])(
    'is refused: %s',
    async (range) => {
      const reply = await sendRaw(place, `GET ${path} HTTP/1.1`, [`Range: ${range}`]);
      expect(told(reply)).toBe('416 RANGE_INVALID');
      expect(reply.text).toContain(`bytes */${whole.length}`);
    },
  );

  it('asks nobody for what the stream does not have', async () => {
    for (const range of ['bytes=0-0', 'bytes=-1', 'bytes=5-1']) {
      const line = `GET /v2/demo/web/blobs/${UNKNOWN} HTTP/1.1`;
      expect(told(await sendRaw(place, line, [`Range: ${range}`]))).toBe('404 BLOB_UNKNOWN');
    }
    expectNoTrace();
  });
});
