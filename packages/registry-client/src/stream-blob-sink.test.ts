import { createSecureServer } from 'node:http2';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BLOB, BLOB_RANGE, keepingSink, sendHalf, serveBlob } from './testing/blob-for-test.ts';
import { openForTest } from './testing/open-for-test.ts';
import { targetOf } from './testing/scripted-registry.ts';
import { hostOf } from './testing/scripted-server.ts';
import { issueTestCertificate, trustTestCertificate } from './testing/test-certificate.ts';

const never = new AbortController().signal;
const { size: SIZE } = BLOB_RANGE;
const HALF = SIZE / 2;

/** A sink that takes a while for each chunk, and knows how many it had to take at a time. */
function busySink() {
  const counts = { now: 0, most: 0 };
  const sink = keepingSink(async () => {
    counts.now += 1;
    counts.most = Math.max(counts.most, counts.now);
    for (let turns = 0; turns < 5; turns += 1) await turn();
    counts.now -= 1;
  });
  return { ...sink, counts };
}

describe('the sink of a blob', () => {
  it('sets the pace: nothing more is read while it is busy', async () => {
    await using registry = await openForTest(serveBlob);
    const sink = busySink();
    await registry.client.streamBlob(registry.target, BLOB_RANGE, sink, never);
    expect(sink.bytes().equals(BLOB)).toBe(true);
    expect(sink.chunks.length).toBeGreaterThan(3);
    expect(sink.counts).toEqual({ now: 0, most: 1 });
  });

  it('sets the pace over HTTP/2, too', async () => {
    const certificate = issueTestCertificate();
    trustTestCertificate(certificate);
    const server = createSecureServer(certificate, (_, response) => {
      response.writeHead(200, { 'content-length': SIZE });
      response.end(BLOB);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await using registry = await openForTest(serveBlob, { http2: () => true });
    const sink = busySink();
    const target = targetOf(hostOf(server.address()), { insecure: false });
    await registry.client.streamBlob(target, BLOB_RANGE, sink, never);
    expect(sink.bytes().equals(BLOB)).toBe(true);
    expect(sink.chunks.length).toBeGreaterThan(3);
    // What one read of the socket brought is there already.
    expect(sink.counts.most).toBeLessThan(sink.chunks.length / 2);
    await registry.client[Symbol.asyncDispose]();
    await new Promise((resolve) => server.close(resolve));
  });

  it('may take what comes while it is busy, when the other side has hung up', async () => {
    const gate = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    await using registry = await openForTest((_, response) => {
      response.on('close', () => closed.resolve());
      response.writeHead(200, { connection: 'close' }).end(BLOB.subarray(0, HALF));
    });
    const sink = keepingSink(() => gate.promise);
    const blob = { ...BLOB_RANGE, size: HALF };
    const streamed = registry.client.streamBlob(registry.target, blob, sink, never);
    await closed.promise;
    gate.resolve();
    await streamed;
    expect(sink.bytes().equals(BLOB.subarray(0, HALF))).toBe(true);
  });

  it('is waited for until it has taken the last byte', async () => {
    await using registry = await openForTest(serveBlob);
    let taken = 0;
    const sink = keepingSink(async ({ length }) => {
      await turn();
      taken += length;
    });
    await registry.client.streamBlob(registry.target, BLOB_RANGE, sink, never);
    expect(taken).toBe(SIZE);
  });

  it.each<[string, (error: Error) => Promise<void>]>([
    [
      'throws',
      (error) => {
        throw error;
      },
    ],
    ['rejects', (error) => Promise.reject(error)],
  ])('ends the transfer with its own error when it %s', async (_, fail) => {
    const closed = Promise.withResolvers<void>();
    await using registry = await openForTest((request, response) => {
      response.on('close', () => closed.resolve());
      sendHalf(() => {})(request, response);
    });
    // As a full disk, or a pipe that nobody reads any more: nothing that the registry did.
    const own = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    const sink = keepingSink(() => fail(own));
    const streamed = registry.client.streamBlob(registry.target, BLOB_RANGE, sink, never);
    await expect(streamed).rejects.toBe(own);
    await closed.promise;
    expect(registry.requests).toHaveLength(1);
    expect(sink.chunks).toHaveLength(1);
  });

  it('gets nothing more once the caller has given up', async () => {
    const closed = Promise.withResolvers<void>();
    await using registry = await openForTest((request, response) => {
      response.on('close', () => closed.resolve());
      sendHalf(() => {})(request, response);
    });
    const stop = new AbortController();
    const reason = new Error('shutting down');
    // Whoever is stuck must not keep the caller waiting.
    const sink = keepingSink(() => {
      stop.abort(reason);
      return new Promise<void>(() => {});
    });
    const streamed = registry.client.streamBlob(registry.target, BLOB_RANGE, sink, stop.signal);
    await expect(streamed).rejects.toBe(reason);
    await closed.promise;
    expect(sink.chunks).toHaveLength(1);
  });

  it('is told nothing of a passed deadline, which the error tells with the offset', async () => {
    await using registry = await openForTest(sendHalf(() => {}));
    const deadline = new AbortController();
    const sink = keepingSink(() => {
      if (sink.bytes().length === HALF) deadline.abort(new DOMException('late', 'TimeoutError'));
      return undefined;
    });
    await expect(
      registry.client.streamBlob(registry.target, BLOB_RANGE, sink, deadline.signal),
    ).rejects.toMatchObject({ code: 'Timeout', resumeAt: HALF });
  });
});
