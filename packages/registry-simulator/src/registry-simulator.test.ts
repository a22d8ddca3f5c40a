import type { IncomingHttpHeaders } from 'node:http';
import { Agent, get, request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RegistrySimulator } from './registry-simulator.ts';
import { openRegistrySimulator } from './registry-simulator.ts';

let simulator: RegistrySimulator;

beforeEach(async () => {
  simulator = await openRegistrySimulator();
});

afterEach(async () => {
  await simulator[Symbol.asyncDispose]();
});

function fetchPath(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${simulator.url}${path}`, init);
}

/** HEAD by node:http, which keeps the connection that the agent holds. */
function head(path: string, agent: Agent): Promise<IncomingHttpHeaders> {
  return new Promise((resolve, reject) => {
    request(`${simulator.url}${path}`, { method: 'HEAD', agent }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.headers));
    })
      .once('error', reject)
      .end();
  });
}

describe('the request log', () => {
  it('tells who asked what and how it was answered', async () => {
    simulator.push('shop/web', 'v1');
    await fetchPath('/v2/shop/web/manifests/v1?x=1', {
      headers: { 'User-Agent': 'poller/1', Accept: 'text/x', Authorization: 'Bearer secret' },
    });
    await fetchPath('/v2/shop/web/tags/list');
    expect(simulator.requests).toMatchObject([
      {
        method: 'GET',
        path: '/v2/shop/web/manifests/v1',
        query: 'x=1',
        route: 'manifest',
        repository: 'shop/web',
        reference: 'v1',
        status: 200,
        userAgent: 'poller/1',
        accept: 'text/x',
        authorization: 'bearer',
      },
      { route: 'tags', repository: 'shop/web', authorization: 'none' },
    ]);
    expect(JSON.stringify(simulator.requests)).not.toContain('secret');
  });

  it('shows that a poller kept one connection', async () => {
    simulator.push('shop/web', 'v1');
    const agent = new Agent({ keepAlive: true });
    const path = '/v2/shop/web/manifests/v1';
    for (let n = 0; n < 5; n += 1) {
      const headers = await head(path, agent);
      expect(headers['keep-alive']).toBe('timeout=600');
    }
    agent.destroy();
    const second = new Agent({ keepAlive: true });
    await head(path, second);
    second.destroy();
    expect(simulator.requests.map(({ connection }) => connection)).toEqual([1, 1, 1, 1, 1, 2]);
    const ports = new Set(simulator.requests.map(({ remotePort }) => remotePort));
    expect(ports.size).toBe(2);
  });

  it('can be cleared', async () => {
    await fetchPath('/v2/');
    expect(simulator.requests).toHaveLength(1);
    simulator.clearRequests();
    expect(simulator.requests).toEqual([]);
  });

  it('wakes who waits for a request', async () => {
    const waiting = simulator.waitForRequest(({ reference }) => reference === 'v2');
    await fetchPath('/v2/shop/web/manifests/v1');
    await fetchPath('/v2/shop/web/manifests/v2');
    await expect(waiting).resolves.toMatchObject({ reference: 'v2', status: 404 });
  });
});

describe('the simulator', () => {
  it('answers the ping', async () => {
    const response = await fetchPath('/v2/');
    expect(response.headers.get('docker-distribution-api-version')).toBe('registry/2.0');
    expect(await response.text()).toBe('{}');
  });

  it('is as many registries as are opened', async () => {
    await using second = await openRegistrySimulator();
    await using third = await openRegistrySimulator();
    expect(new Set([simulator.host, second.host, third.host]).size).toBe(3);
    second.push('shop/web', 'v1');
    expect((await fetch(`${second.url}/v2/shop/web/manifests/v1`)).status).toBe(200);
    expect((await fetch(`${third.url}/v2/shop/web/manifests/v1`)).status).toBe(404);
  });

  it('takes the port it is told, and refuses one that is taken', async () => {
    const port = Number(simulator.host.split(':')[1]);
    await expect(openRegistrySimulator({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('can be dialled on loopback when it listens everywhere', async () => {
    await using wide = await openRegistrySimulator({ host: '0.0.0.0' });
    expect(wide.host).toMatch(/^127\.0\.0\.1:\d+$/);
    expect((await fetch(`${wide.url}/v2/`)).status).toBe(200);
  });

  it('drops idle connections and waiting tests when disposed, once', async () => {
    const agent = new Agent({ keepAlive: true });
    const closed = new Promise((resolve) => {
      get(`${simulator.url}/v2/`, { agent }, (response) => {
        response.socket.once('close', resolve);
        response.resume();
        response.once('end', () => simulator[Symbol.asyncDispose]());
      });
    });
    const waiting = simulator.waitForRequest(() => false);
    await expect(waiting).rejects.toThrow('was closed');
    await closed;
    await simulator[Symbol.asyncDispose]();
  });
});
