import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { gone } from '@tagtrail/apimachinery';
import { type FastifyInstance, fastify } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StatusError } from '../status-error.ts';
import { type Frames, streamFrames } from './stream-frames.ts';

const encoder = new TextEncoder();

describe('streamFrames', () => {
  let app: FastifyInstance;
  let source: () => Frames;
  let stallLimit: number;
  let ended: PromiseWithResolvers<void>;

  beforeEach(async () => {
    ended = Promise.withResolvers();
    stallLimit = 60_000;
    app = fastify();
    app.setErrorHandler((error, _request, reply) => {
      const code = error instanceof StatusError ? (error.status.code ?? 500) : 500;
      return reply.code(code).send('refused');
    });
    app.get('/', async (_request, reply) => {
      const failure = (error: unknown) => encoder.encode(`failed: ${String(error)}`);
      try {
        await streamFrames(reply, { contentType: 'text/x', frames: source(), failure, stallLimit });
      } finally {
        ended.resolve();
      }
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
  });

  afterEach(async () => {
    app.server.closeAllConnections();
    await app.close();
  });

  async function ask(): Promise<IncomingMessage> {
    const { port } = app.server.address() as AddressInfo;
    const request = get({ host: '127.0.0.1', port, agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  }

  it('sends its head before there is a frame', async () => {
    const more = Promise.withResolvers<void>();
    source = async function* () {
      yield [];
      await more.promise;
      yield [encoder.encode('one '), encoder.encode('two')];
    };
    const response = await ask();
    expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'text/x']);
    more.resolve();
    expect(await text(response)).toBe('one two');
  });

  it('lets what fails before the first batch be an answer, not a frame', async () => {
    source = async function* () {
      yield await Promise.reject(new StatusError(gone('too old')));
    };
    expect((await ask()).statusCode).toBe(410);
  });

  it('ends with a frame about what fails later', async () => {
    source = async function* () {
      yield [encoder.encode('one ')];
      throw new Error('broken');
    };
    expect(await text(await ask())).toBe('one failed: Error: broken');
  });

  it('makes no more frames than a slow reader takes', async () => {
    let made = 0;
    const frame = new Uint8Array(64 * 1024);
    source = async function* () {
      for (; made < 2_000; made += 1) yield [frame];
    };
    const response = await ask();
    await settled(() => made);
    // The sockets of both sides hold a few MB; 125 MB were to be sent.
    expect(made).toBeLessThan(500);
    let received = 0;
    for await (const chunk of response) received += (chunk as Buffer).byteLength;
    expect(received).toBe(2_000 * frame.byteLength);
  });

  it('cuts off a reader that stalls, and lets its source clean up', async () => {
    stallLimit = 20;
    let isClean = false;
    source = async function* () {
      try {
        for (;;) yield [new Uint8Array(1024 * 1024)];
      } finally {
        isClean = true;
      }
    };
    const response = await ask();
    await ended.promise;
    expect(isClean).toBe(true);
    await expect(text(response)).rejects.toThrow();
  });

  it('stops when its reader has gone', async () => {
    source = async function* () {
      for (;;) yield [new Uint8Array(1024 * 1024)];
    };
    const response = await ask();
    response.destroy();
    await ended.promise;
  });
});

/** Waits until a number stops changing for a while of turns of the event loop. */
async function settled(read: () => number): Promise<void> {
  let last = -1;
  for (let still = 0; still < 200; still += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (read() !== last) still = 0;
    last = read();
  }
}
