import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { type HealthServer, type HealthServerOptions, openHealthServer } from './health-server.ts';
import { createMetrics } from './metrics.ts';

const metrics = createMetrics('test');
const well = () => ({ ok: true });
/** An address of this machine that others could use; a request to it comes from it, too. */
const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

let server: HealthServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

async function open(options: Partial<HealthServerOptions> = {}): Promise<HealthServer> {
  const defaults = { host: '127.0.0.1', port: 0, metrics, ready: well, live: well };
  server = await openHealthServer({ ...defaults, ...options });
  return server;
}

async function get(path: string, init?: RequestInit) {
  const response = await fetch(`${server?.url}${path}`, init);
  return { status: response.status, body: await response.text(), headers: response.headers };
}

describe('/healthz and /readyz', () => {
  it('answer ok', async () => {
    await open();
    expect(await get('/healthz')).toMatchObject({ status: 200, body: 'ok\n' });
    expect(await get('/readyz?verbose')).toMatchObject({ status: 200, body: 'ok\n' });
  });

  it('answer 503 and the reason, each for itself', async () => {
    await open({ ready: async () => ({ ok: false, reason: 'redis: not connected' }) });
    expect(await get('/healthz')).toMatchObject({ status: 200 });
    expect(await get('/readyz')).toMatchObject({ status: 503, body: 'redis: not connected\n' });
  });

  it('take a check that throws for one that failed', async () => {
    await open({
      live: () => {
        throw new Error('torn');
      },
      ready: () => Promise.reject(new Error('broken')),
    });
    expect(await get('/healthz')).toMatchObject({ status: 503, body: 'check failed: torn\n' });
    expect(await get('/readyz')).toMatchObject({ status: 503, body: 'check failed: broken\n' });
  });

  it('do not wait longer than a probe does', async () => {
    await open({ live: () => new Promise(() => undefined) });
    expect(await get('/healthz')).toMatchObject({ status: 503, body: 'no answer within 900 ms\n' });
  });

  it('answer HEAD without a body', async () => {
    await open();
    expect(await get('/healthz', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });

  it('are never cached', async () => {
    await open();
    expect((await get('/readyz')).headers.get('cache-control')).toBe('no-store');
  });
});

describe('/metrics', () => {
  it('is the Prometheus text', async () => {
    await open();
    const { status, body, headers } = await get('/metrics');
    expect([status, headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('version=0.0.4'),
    ]);
    expect(body).toContain('tagtrail_process_cpu_seconds_total');
  });

  it('says so when a metric cannot be collected', async () => {
    const broken = createMetrics('broken');
    broken.gauge({
      name: 'tagtrail_broken',
      help: 'Broken.',
      collect: () => Promise.reject(new Error('no Redis')),
    });
    await open({ metrics: broken });
    expect(await get('/metrics')).toMatchObject({ status: 500, body: 'failed: no Redis\n' });
  });

  it.skipIf(outside === undefined)('is for this machine only, unlike probes', async () => {
    const { url } = await open({ host: '0.0.0.0' });
    const { port } = new URL(url);
    const statusOf = async (host: string, path: string) =>
      (await fetch(`http://${host}:${port}${path}`)).status;
    expect(await statusOf('127.0.0.1', '/metrics')).toBe(200);
    expect(await statusOf(`${outside}`, '/metrics')).toBe(403);
    expect(await statusOf(`${outside}`, '/healthz')).toBe(200);
    expect(await statusOf(`${outside}`, '/readyz')).toBe(200);
  });

  it.skipIf(outside === undefined)('is for everybody when opened to the network', async () => {
    const { url } = await open({ host: '0.0.0.0', openToNetwork: true });
    const response = await fetch(`http://${outside}:${new URL(url).port}/metrics`);
    expect(response.status).toBe(200);
  });
});

describe('the health server', () => {
  it('knows no other page and no other method', async () => {
    await open();
    expect(await get('/')).toMatchObject({ status: 404, body: 'not found\n' });
    expect(await get('/constructor')).toMatchObject({ status: 404 });
    const posted = await get('/healthz', { method: 'POST', body: 'x' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('says why it cannot listen', async () => {
    const { port } = new URL((await open()).url);
    const defaults = { host: '127.0.0.1', metrics, ready: well, live: well };
    await expect(openHealthServer({ ...defaults, port: Number(port) })).rejects.toMatchObject({
      code: 'address-in-use',
      message: `health server cannot listen on 127.0.0.1:${port}: address in use`,
    });
    await expect(
      openHealthServer({ ...defaults, host: '192.0.2.1', port: 0 }),
    ).rejects.toMatchObject({
      code: 'address-not-available',
    });
  });

  it('closes although somebody is still connected', async () => {
    const opened = await open();
    const socket = connect(Number(new URL(opened.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET /healthz HTTP/1.1\r\n');
    socket.on('error', () => undefined); // being cut off is what is wanted
    const cut = new Promise((resolve) => socket.once('close', resolve));
    await opened[Symbol.asyncDispose]();
    await cut;
    await expect(fetch(opened.url)).rejects.toThrow();
    server = undefined;
  });

  it('tells its address in a URL also for IPv6', async () => {
    const { url } = await open({ host: '::1' });
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect(await get('/metrics')).toMatchObject({ status: 200 });
  });
});
