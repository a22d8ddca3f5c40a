import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import {
  BLOB,
  BLOB_PATH,
  BLOB_RANGE,
  keepingSink,
  sendHalf,
  sendLength,
  serveBlob,
  streamForTest as stream,
} from './testing/blob-for-test.ts';
import { openForTest } from './testing/open-for-test.ts';
import { sendManifest } from './testing/scripted-registry.ts';

const never = new AbortController().signal;
const { size: SIZE } = BLOB_RANGE;
const HALF = SIZE / 2;
const FIRST = { ...BLOB_RANGE, offset: 0 };
const REST = { ...BLOB_RANGE, offset: HALF };
/** How messages open. */
const SUBJECT = `HOST/team/app: blob ${BLOB_RANGE.digest}`;
const CHUNKED = { 'transfer-encoding': 'chunked' };

const send =
  (
    headers: Readonly<Record<string, string | number>>,
    body = BLOB,
    status = 200,
  ): RequestListener =>
  (_, response) =>
    void response.writeHead(status, headers).end(body);

describe('streamBlob', () => {
  it('brings all bytes of a blob to the sink, in order', async () => {
    const { error, bytes, requests } = await stream(serveBlob);
    expect(error).toBeUndefined();
    expect(bytes.equals(BLOB)).toBe(true);
    expect(requests).toMatchObject([{ method: 'GET', url: BLOB_PATH }]);
    expect(requests[0]?.headers).toMatchObject({ 'accept-encoding': 'identity' });
    expect(requests[0]?.headers.range).toBeUndefined();
  });

  it('brings them when no length is declared, and those of an empty blob', async () => {
    const { bytes } = await stream(send(CHUNKED));
    expect(bytes.equals(BLOB)).toBe(true);
    const none = { ...FIRST, size: 0 };
    const empty = await stream((_, response) => void response.end(), { blob: none });
    expect([empty.error, empty.bytes.length, empty.requests.length]).toEqual([undefined, 0, 1]);
  });

  it.each<[string, RequestListener, object, typeof FIRST?]>([
    [
      `content integrity error: ${SUBJECT}: the registry declares another length than ${SIZE} bytes`,
      send({ 'content-length': SIZE - 1 }, BLOB.subarray(1)),
      { code: 'InvalidManifest', retryable: false },
    ],
    [
      `content integrity error: ${SUBJECT}: the registry declares another length than ${HALF} bytes`,
      send({ 'content-length': 3, 'content-range': `bytes ${HALF}-${SIZE - 1}/*` }, BLOB, 206),
      { code: 'InvalidManifest' },
      REST,
    ],
    [
      `${SUBJECT}: the registry sent it encoded, which nobody asked for`,
      send({ 'content-encoding': 'gzip' }),
      { code: 'RegistryError' },
    ],
    [
      `${SUBJECT}: the registry sent another part than the one from byte ${HALF} on`,
      send({ 'content-range': `bytes 0-${SIZE - 1}/${SIZE}` }, BLOB, 206),
      { code: 'RegistryError' },
      REST,
    ],
    [
      `${SUBJECT}: the registry sent another part than the one from byte ${HALF} on`,
      send({ 'content-range': `bytes ${HALF}-${SIZE - 1}/${SIZE + 1}` }, BLOB, 206),
      { code: 'RegistryError' },
      REST,
    ],
    [
      `${SUBJECT}: the registry sent another part than the one from byte ${HALF} on`,
      send({ 'content-type': 'multipart/byteranges; boundary=x' }, BLOB, 206),
      { code: 'RegistryError' },
      REST,
    ],
    [
      'the server answered 206',
      send({ 'content-range': `bytes 0-${SIZE - 1}/${SIZE}` }, BLOB, 206),
      { code: 'RegistryError' },
    ],
    ['the server answered 204', send({}, Buffer.alloc(0), 204), { status: 204 }],
    ['not found', send({}, BLOB, 404), { code: 'NotFound' }],
    ['the server answered 416', send({}, BLOB, 416), { status: 416 }, REST],
  ])('passes nothing on when %s', async (words, answer, known, blob = FIRST) => {
    const { error, bytes, host } = await stream(answer, { blob });
    expect(error).toMatchObject(known);
    expect(String(error).replaceAll(host, 'HOST')).toContain(words);
    expect(error).not.toHaveProperty('resumeAt');
    expect(bytes).toHaveLength(0);
  });

  it('takes "identity" for no encoding', async () => {
    const { error } = await stream(send({ 'content-encoding': 'Identity' }));
    expect(error).toBeUndefined();
  });

  it('cuts a body that goes on for longer than the blob', async () => {
    let written = 0;
    const endless: RequestListener = async (_, response) => {
      while (!response.destroyed) {
        written += BLOB.length;
        if (!response.write(BLOB))
          await Promise.race([once(response, 'drain'), once(response, 'close')]);
      }
    };
    const { error, bytes, host } = await stream(endless);
    expect(error).toMatchObject({
      code: 'InvalidManifest',
      message: `content integrity error: ${host}/team/app: blob ${BLOB_RANGE.digest}: the registry sent more than the ${SIZE} bytes that its descriptor declares`,
    });
    expect(bytes.length).toBeLessThanOrEqual(SIZE);
    expect(written).toBeLessThan(64 * SIZE);
  });

  it('reports a body that ends too early, and how far it came', async () => {
    const { error, bytes } = await stream(
      (_, response) => void response.writeHead(200, CHUNKED).end(BLOB.subarray(0, HALF)),
    );
    expect(error).toMatchObject({
      code: 'ConnectionFailed',
      retryable: true,
      resumeAt: HALF,
      message: expect.stringContaining(`the reply ended after ${HALF} of ${SIZE} bytes`),
    });
    expect(bytes.equals(BLOB.subarray(0, HALF))).toBe(true);
  });

  it.each([
    ['hangs up', (response: ServerResponse) => void response.destroy()],
    [
      'resets the connection',
      (response: ServerResponse) => void response.socket?.resetAndDestroy(),
    ],
  ])('asks nobody again when the server %s halfway', async (_, next) => {
    await using registry = await openForTest((request, response) => {
      if (request.url === BLOB_PATH) sendHalf(next)(request, response);
      else sendManifest(response);
    });
    let connections = 0;
    registry.server.on('connection', () => {
      connections += 1;
    });
    const { client, target } = registry;
    // Plain http is known by now: at a look that fails so TLS would be tried.
    await client.headManifest(target, 'v1', never);
    connections = 0;
    const sink = keepingSink();
    const failed = client.streamBlob(target, FIRST, sink, never);
    const error: unknown = await failed.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ConnectionFailed', retryable: true });
    expect(error).toMatchObject({ resumeAt: sink.bytes().length });
    expect(registry.lines()).toEqual(['HEAD /v2/team/app/manifests/v1', `GET ${BLOB_PATH}`]);
    expect(connections).toBe(1);
  });

  it('ends when nothing more comes for too long', async () => {
    const { error } = await stream(
      sendHalf(() => {}),
      { limits: { bodyTimeout: 50 } },
    );
    expect(error).toMatchObject({
      code: 'Timeout',
      resumeAt: HALF,
      message: expect.stringContaining('the reply stopped halfway'),
    });
  });

  it('ends when it comes too slowly', async () => {
    const drip: RequestListener = (_, response) => {
      sendLength(response, SIZE);
      const timer = setInterval(() => response.write('x'), 5);
      response.on('close', () => clearInterval(timer));
    };
    const limits = { blobPaceWindow: 60, blobPaceBytes: 1_000 };
    const { error, bytes } = await stream(drip, { limits });
    expect(error).toMatchObject({
      code: 'Timeout',
      retryable: true,
      resumeAt: bytes.length,
      message: expect.stringContaining('the registry sent less than 1000 bytes in 60 ms'),
    });
    expect(bytes.length).toBeGreaterThan(0);
  });

  it('keeps little of what a server says in place of the blob', async () => {
    const { error, bytes } = await stream(send({}, Buffer.alloc(SIZE, 'x'), 500));
    expect(error).toMatchObject({ status: 500, retryable: true });
    expect(String(error).length).toBeLessThan(500);
    expect(bytes).toHaveLength(0);
  });
});

describe('the rest of a blob', () => {
  it('is asked for by its offset', async () => {
    const { error, bytes, requests } = await stream(serveBlob, { blob: REST });
    expect(error).toBeUndefined();
    expect(bytes.equals(BLOB.subarray(HALF))).toBe(true);
    expect(requests[0]?.headers.range).toBe(`bytes=${HALF}-`);
  });

  it('is taken out of the whole where the registry knows no parts', async () => {
    const { error, bytes } = await stream(send({ 'content-length': SIZE }), { blob: REST });
    expect(error).toBeUndefined();
    expect(bytes.equals(BLOB.subarray(HALF))).toBe(true);
  });

  it('goes on from where the part before ended', async () => {
    await using registry = await openForTest((request, response) => {
      if (request.headers.range === undefined)
        sendHalf(() => response.destroy())(request, response);
      else serveBlob(request, response);
    });
    const { client, target } = registry;
    const sink = keepingSink();
    const broken: unknown = await client
      .streamBlob(target, BLOB_RANGE, sink, never)
      .catch((error: unknown) => error);
    expect(broken).toMatchObject({ resumeAt: sink.bytes().length });
    await client.streamBlob(target, { ...BLOB_RANGE, offset: sink.bytes().length }, sink, never);
    expect(sink.bytes().equals(BLOB)).toBe(true);
  });

  it('is not asked for when there is none, or can be none', async () => {
    const { error, requests } = await stream(serveBlob, { blob: { ...FIRST, offset: SIZE } });
    expect([error, requests]).toEqual([undefined, []]);
    const beyond = await stream(serveBlob, { blob: { ...FIRST, offset: SIZE + 1 } });
    expect(beyond.error).toMatchObject({
      code: 'RegistryError',
      message: expect.stringContaining(`no part of ${SIZE} bytes begins at ${SIZE + 1}`),
    });
    expect(beyond.requests).toEqual([]);
  });
});
