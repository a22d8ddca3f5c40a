import type { RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { openForTest } from '../testing/open-for-test.ts';
import { sendManifest, sendStatus, serveManifest, targetOf } from '../testing/scripted-registry.ts';
import { hostOf } from '../testing/scripted-server.ts';

const never = new AbortController().signal;

/** Holds requests back; `next` waits for one. */
function holdRequests() {
  const held: ServerResponse[] = [];
  let arrived = Promise.withResolvers<void>();
  const listener: RequestListener = (_request, response) => {
    held.push(response);
    arrived.resolve();
  };
  const next = async (): Promise<ServerResponse> => {
    while (held.length === 0) {
      await arrived.promise;
      arrived = Promise.withResolvers<void>();
    }
    return held.shift() as ServerResponse;
  };
  return { listener, next };
}

describe('connections', () => {
  it('replaces, once, an idle connection that the server has closed', async () => {
    let closing = false;
    await using registry = await openForTest((request, response) => {
      if (closing) {
        closing = false;
        request.socket.destroy();
      } else sendManifest(response);
    });
    await registry.client.headManifest(registry.target, 'latest', never);
    closing = true;
    await registry.client.headManifest(registry.target, 'latest', never);
    expect(registry.requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
  });

  it('does not try a third time', async () => {
    let closing = false;
    await using registry = await openForTest((request, response) => {
      if (closing) request.socket.destroy();
      else sendManifest(response);
    });
    await registry.client.headManifest(registry.target, 'latest', never);
    closing = true;
    await expect(
      registry.client.fetchManifest(registry.target, 'latest', never),
    ).rejects.toMatchObject({ code: 'ConnectionFailed', retryable: true });
    expect(registry.lines()).toHaveLength(3);
  });

  it('does not send a request twice over a connection that was new', async () => {
    await using registry = await openForTest((request) => request.socket.destroy());
    await expect(
      registry.client.headManifest(registry.target, 'latest', never),
    ).rejects.toMatchObject({ code: 'ConnectionFailed' });
    expect(registry.requests).toHaveLength(1);
  });

  it('opens no more connections to a host than allowed', async () => {
    await using registry = await openForTest(serveManifest, { limits: { socketsPerHost: 3 } });
    const looks = Array.from({ length: 30 }, () =>
      registry.client.headManifest(registry.target, 'latest', never),
    );
    await Promise.all(looks);
    expect(new Set(registry.requests.map(({ connection }) => connection)).size).toBe(3);
  });

  it('closes those of the host unused for longest when there are too many hosts', async () => {
    await using first = await openForTest(serveManifest, { limits: { hosts: 1 } });
    await using second = await openForTest(serveManifest);
    const look = (host: string) => first.client.headManifest(targetOf(host), 'latest', never);
    await look(first.host);
    await look(second.host);
    await look(first.host);
    expect(first.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });
});

describe('time limits', () => {
  it('gives up on headers that do not come', async () => {
    await using registry = await openForTest(() => {}, { limits: { headersTimeout: 200 } });
    await expect(
      registry.client.headManifest(registry.target, 'latest', never),
    ).rejects.toMatchObject({
      code: 'Timeout',
      retryable: true,
      message: expect.stringContaining('no reply in time'),
    });
    expect(registry.requests).toHaveLength(1);
  });

  it('gives up on a body that stops halfway', async () => {
    await using registry = await openForTest(
      (_request, response) => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('half');
      },
      { limits: { bodyTimeout: 200 } },
    );
    await expect(
      registry.client.fetchManifest(registry.target, 'latest', never),
    ).rejects.toMatchObject({ code: 'Timeout' });
  });

  it('gives up on a handshake that does not come', async () => {
    await using silent = await openSilentServer();
    await using registry = await openForTest(serveManifest, { limits: { connectTimeout: 200 } });
    const target = targetOf(silent.host, { insecure: false });
    await expect(registry.client.headManifest(target, 'latest', never)).rejects.toMatchObject({
      code: 'Timeout',
      message: expect.stringContaining('no connection in time'),
    });
  });

  it('names the deadline of the caller, and nothing else, a timeout', async () => {
    await using registry = await openForTest(() => {});
    const look = (signal: AbortSignal) =>
      registry.client.headManifest(registry.target, 'latest', signal);
    await expect(look(AbortSignal.timeout(50))).rejects.toMatchObject({
      code: 'Timeout',
      message: expect.stringContaining('the deadline passed'),
    });
    const reason = new Error('shutting down');
    await expect(look(AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('lets go at once of a request that still waits for a connection', async () => {
    const { listener, next } = holdRequests();
    await using registry = await openForTest(listener, { limits: { socketsPerHost: 1 } });
    const running = registry.client.headManifest(registry.target, 'running', never);
    const response = await next();
    const stop = new AbortController();
    const waiting = registry.client.headManifest(registry.target, 'waiting', stop.signal);
    const reason = new Error('shutting down');
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    sendManifest(response);
    await running;
    expect(registry.lines()).toEqual(['HEAD /v2/team/app/manifests/running']);
  });

  it('lets go of everything when the client is disposed of', async () => {
    const { listener, next } = holdRequests();
    await using registry = await openForTest(listener);
    const running = registry.client.headManifest(registry.target, 'latest', never);
    const refused = expect(running).rejects.toThrow();
    await next();
    await registry.client[Symbol.asyncDispose]();
    await refused;
    await expect(registry.client.headManifest(registry.target, 'latest', never)).rejects.toThrow(
      'the registry client is closed',
    );
  });
});

describe('what a host can do wrong', () => {
  it.each([
    ['nobody listens', '127.0.0.1:1', 'ConnectionFailed', /connection refused/],
    ['a link-local address', '169.254.169.254', 'Forbidden', /never contacted/],
  ])('is named: %s', async (_what, host, code, message) => {
    await using registry = await openForTest(serveManifest);
    for (const insecure of [false, true]) {
      const look = registry.client.headManifest(targetOf(host, { insecure }), 'latest', never);
      await expect(look).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    }
  });

  it('survives replies that are not HTTP', async () => {
    const garbage = createServer((socket) => {
      socket.on('data', (bytes) => {
        // Hang up on a TLS handshake, and answer a plain request with something else than HTTP.
        if (bytes[0] === 0x16) socket.destroy();
        else socket.end('SSH-2.0-OpenSSH_9.2\r\n');
      });
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => garbage.listen(0, '127.0.0.1', resolve));
    await using registry = await openForTest(serveManifest);
    const target = targetOf(hostOf(garbage.address()));
    await expect(registry.client.headManifest(target, 'latest', never)).rejects.toMatchObject({
      code: 'RegistryError',
      message: expect.stringContaining('not valid http'),
    });
    garbage.close();
  });

  it('refuses headers without end', async () => {
    await using registry = await openForTest((_request, response) =>
      sendStatus(response, 200, { 'x-filler': 'x'.repeat(20_000) }),
    );
    await expect(
      registry.client.headManifest(registry.target, 'latest', never),
    ).rejects.toMatchObject({ code: 'RegistryError' });
  });
});

/** Accepts connections and says nothing. */
async function openSilentServer(): Promise<{ host: string } & AsyncDisposable> {
  const server = createServer((socket) => socket.on('error', () => {}).resume());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: hostOf(server.address()),
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
