import type { IncomingMessage } from 'node:http';
import { Agent, get, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../image/digest.ts';
import type { RegistrySimulator } from '../registry-simulator.ts';
import { openRegistrySimulator } from '../registry-simulator.ts';

const web = '/v2/shop/web/manifests/v1';
const api = '/v2/shop/api/manifests/v1';

let simulator: RegistrySimulator;
let digest: string;

beforeEach(async () => {
  simulator = await openRegistrySimulator();
  digest = simulator.push('shop/web', 'v1').digest;
  simulator.push('shop/api', 'v1');
});

afterEach(async () => {
  await simulator[Symbol.asyncDispose]();
});

function fetchPath(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${simulator.url}${path}`, init);
}

async function statuses(path: string, count: number): Promise<number[]> {
  const seen: number[] = [];
  for (let n = 0; n < count; n += 1) seen.push((await fetchPath(path)).status);
  return seen;
}

/** A GET whose body is left to the caller. */
function open(path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(`${simulator.url}${path}`, { agent: false }, resolve).once('error', reject);
  });
}

describe('a match', () => {
  it('is the repository and those below it', async () => {
    simulator.push('shop', 'v1');
    simulator.push('shopping', 'v1');
    simulator.faults.set({ repository: 'shop' }, { status: 500 });
    expect((await fetchPath(web)).status).toBe(500);
    expect((await fetchPath('/v2/shop/manifests/v1')).status).toBe(500);
    expect((await fetchPath('/v2/shopping/manifests/v1')).status).toBe(200);
    expect((await fetchPath('/v2/')).status).toBe(200);
  });

  it('is the method, the kind of route, the reference', async () => {
    simulator.faults.set({ method: 'HEAD' }, { status: 500 });
    simulator.faults.set({ route: ['tags', 'blob'] }, { status: 501 });
    simulator.faults.set({ reference: digest }, { status: 502 });
    expect((await fetchPath(web, { method: 'HEAD' })).status).toBe(500);
    expect((await fetchPath('/v2/shop/web/tags/list')).status).toBe(501);
    expect((await fetchPath(`/v2/shop/web/manifests/${digest}`)).status).toBe(502);
    expect((await fetchPath(web)).status).toBe(200);
  });

  it('is the name by which the client calls the registry', async () => {
    const named = simulator.host.replace('127.0.0.1', 'localhost');
    simulator.faults.set({ host: named }, { status: 500 });
    expect((await fetch(`http://${named}${web}`)).status).toBe(500);
    expect((await fetchPath(web)).status).toBe(200);
  });

  it('is the token endpoint, too', async () => {
    simulator.requireAuth('bearer');
    simulator.faults.set({ route: 'token' }, { status: 503, retryAfter: 3 });
    expect((await fetchPath('/token')).status).toBe(503);
  });

  it('is the first few, the nth, those after some', async () => {
    simulator.faults.set({ repository: 'shop/web', first: 2 }, { status: 500 });
    expect(await statuses(web, 4)).toEqual([500, 500, 200, 200]);
    simulator.faults.set({ repository: 'shop/api', skip: 1, every: 2 }, { status: 500 });
    expect(await statuses(api, 6)).toEqual([200, 200, 500, 200, 500, 200]);
  });

  it('is a share of the requests, the same ones for the same seed', async () => {
    const draw = async (seed: number) => {
      simulator.faults.clear();
      simulator.faults.set({ probability: 0.5, seed }, { status: 500 });
      return statuses(web, 40);
    };
    const seven = await draw(7);
    expect(await draw(7)).toEqual(seven);
    expect(await draw(8)).not.toEqual(seven);
    const failed = seven.filter((status) => status === 500).length;
    expect(failed).toBeGreaterThan(10);
    expect(failed).toBeLessThan(30);
  });
});

describe('the table', () => {
  it('applies the rules together, in the order they were set', async () => {
    simulator.faults.set({ route: 'manifest' }, { noDigestHeader: true, headers: { 'X-A': '1' } });
    simulator.faults.set({ repository: 'shop/web' }, { headers: { 'x-a': '2', 'X-B': 'b' } });
    const { headers } = await fetchPath(web);
    expect(headers.get('docker-content-digest')).toBeNull();
    expect([headers.get('x-a'), headers.get('x-b')]).toEqual(['2', 'b']);
    expect((await fetchPath(api)).headers.get('x-a')).toBe('1');
  });

  it('replaces the rule of an equal match and starts its count again', async () => {
    simulator.faults.set({ repository: 'shop', first: 1 }, { status: 500 });
    expect(await statuses(web, 2)).toEqual([500, 200]);
    simulator.faults.set({ first: 1, repository: 'shop' }, { status: 503 });
    expect(simulator.faults.rules).toHaveLength(1);
    expect(await statuses(web, 2)).toEqual([503, 200]);
  });

  it('counts what was matched and what was spoiled', async () => {
    const rule = simulator.faults.set({ repository: 'shop/web', every: 3 }, { status: 500 });
    await statuses(web, 7);
    await statuses(api, 2);
    expect([rule.matched, rule.applied]).toEqual([7, 2]);
  });

  it('forgets a rule that is disposed, and all when cleared', async () => {
    {
      using _ = simulator.faults.set({}, { status: 500 });
      expect((await fetchPath(web)).status).toBe(500);
    }
    expect((await fetchPath(web)).status).toBe(200);
    simulator.faults.set({}, { status: 500 });
    simulator.faults.clear();
    expect((await fetchPath(web)).status).toBe(200);
  });

  it('keeps a rule when the one it replaced is disposed', async () => {
    const replaced = simulator.faults.set({}, { status: 500 });
    simulator.faults.set({}, { status: 503 });
    replaced[Symbol.dispose]();
    expect((await fetchPath(web)).status).toBe(503);
  });

  it('refuses headers that HTTP cannot carry', () => {
    const set = (headers: Record<string, string>) => simulator.faults.set({}, { headers });
    expect(() => set({ 'X-A': 'a\r\nX-B: b' })).toThrow('not valid in HTTP');
    expect(() => set({ 'X A': 'a' })).toThrow('not valid in HTTP');
    expect(simulator.faults.rules).toEqual([]);
  });
});

describe('what is said wrong', () => {
  it('is a status with an error document, Retry-After and body as told', async () => {
    simulator.faults.set({ repository: 'shop/web' }, { status: 429, retryAfter: '1746136938' });
    const limited = await fetchPath(web);
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '1746136938']);
    expect(await limited.json()).toMatchObject({ errors: [{ code: 'TOOMANYREQUESTS' }] });

    const html = { 'Content-Type': 'text/html' };
    simulator.faults.set({ repository: 'shop/api' }, { status: 502, body: '<p>', headers: html });
    const broken = await fetchPath(api);
    expect(broken.headers.get('content-type')).toBe('text/html');
    expect([broken.status, await broken.text()]).toEqual([502, '<p>']);
  });

  it('is the status of a HEAD alone', async () => {
    simulator.faults.set({}, { headStatus: 404 });
    expect((await fetchPath(web, { method: 'HEAD' })).status).toBe(404);
    expect((await fetchPath(web)).status).toBe(200);
  });

  it('is a redirect', async () => {
    simulator.faults.set({}, { status: 307, headers: { Location: 'https://cdn.example/x' } });
    const response = await fetchPath(web, { redirect: 'manual' });
    expect(response.headers.get('location')).toBe('https://cdn.example/x');
  });

  it('is the digest: left out, of something else, as told', async () => {
    const said = async (path: string) =>
      (await fetchPath(path)).headers.get('docker-content-digest');
    simulator.faults.set({ repository: 'shop/web' }, { noDigestHeader: true });
    expect(await said(web)).toBeNull();
    expect((await fetchPath(web)).headers.get('etag')).toBeNull();
    simulator.faults.set({ repository: 'shop/web' }, { wrongDigestHeader: true });
    expect(await said(web)).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await said(web)).not.toBe(digest);
    simulator.faults.set({ repository: 'shop/web' }, { wrongDigestHeader: 'sha256:bad' });
    expect(await said(web)).toBe('sha256:bad');
  });

  it('is the body, under honest headers', async () => {
    simulator.faults.set({}, { garbageBody: true });
    const response = await fetchPath(web);
    const body = Buffer.from(await response.arrayBuffer());
    expect(response.headers.get('docker-content-digest')).toBe(digest);
    expect(body.length).toBe(Number(response.headers.get('content-length')));
    expect(digestOf(body)).not.toBe(digest);
  });
});

describe('what is delivered badly', () => {
  it('is late', async () => {
    simulator.faults.set({ repository: 'shop' }, { latency: 30 });
    simulator.faults.set({ repository: 'shop/web' }, { latency: 30 });
    const start = performance.now();
    expect((await fetchPath(web)).status).toBe(200);
    // A timer may fire up to a millisecond early.
    expect(performance.now() - start).toBeGreaterThan(58);
  });

  it('is logged when it arrives, not when its latency has passed', async () => {
    simulator.faults.set({}, { latency: 3_600_000 });
    const stop = new AbortController();
    const pending = fetchPath(web, { signal: stop.signal });
    await expect(simulator.waitForRequest(() => true)).resolves.toMatchObject({ status: 200 });
    stop.abort();
    await expect(pending).rejects.toThrow('aborted');
  });

  it('hangs until the simulator is disposed', async () => {
    simulator.faults.set({}, { hang: true });
    const pending = fetchPath(web);
    await expect(simulator.waitForRequest(() => true)).resolves.toMatchObject({ status: 0 });
    await simulator[Symbol.asyncDispose]();
    await expect(pending).rejects.toThrow('fetch failed');
  });

  it('is a connection reset', async () => {
    simulator.faults.set({}, { reset: true });
    await expect(open(web)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(simulator.requests).toMatchObject([{ status: 0 }]);
  });

  it('is a body that ends early', async () => {
    simulator.faults.set({}, { truncateBody: 10 });
    const response = await open(web);
    const received: Buffer[] = [];
    const reading = (async () => {
      for await (const chunk of response) received.push(chunk);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(Buffer.concat(received)).toHaveLength(10);
    expect(Number(response.headers['content-length'])).toBeGreaterThan(10);
    expect(simulator.requests).toMatchObject([{ status: 200 }]);
  });

  it('is a connection closed after the head, also of a HEAD', async () => {
    simulator.faults.set({}, { truncateBody: 0 });
    const response = await open(web);
    expect(response.headers['docker-content-digest']).toBe(digest);
    response.on('error', () => undefined);
    const headed = await fetchPath(web, { method: 'HEAD' });
    expect(headed.headers.get('docker-content-digest')).toBe(digest);
  });

  it('is half a body when not told how much', async () => {
    simulator.faults.set({}, { truncateBody: true });
    await expect((await fetchPath(web)).text()).rejects.toThrow('terminated');
  });

  it('is a body that stops and hangs', async () => {
    simulator.faults.set({}, { truncateBody: 10, hang: true });
    const response = await open(web);
    const first = await new Promise((resolve) => response.once('data', resolve));
    expect(first).toHaveLength(10);
    expect(response.complete).toBe(false);
    response.destroy();
  });

  it('comes in pieces', async () => {
    simulator.faults.set({}, { slowBody: 10_000 });
    const response = await open(web);
    const pieces: Buffer[] = [];
    for await (const chunk of response) pieces.push(chunk);
    expect(pieces.length).toBeGreaterThan(1);
    expect(digestOf(Buffer.concat(pieces))).toBe(digest);
  });

  it('does not spoil a HEAD that has no body to spoil', async () => {
    simulator.faults.set({}, { slowBody: 1 });
    const agent = new Agent({ keepAlive: true });
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(`${simulator.url}${web}`, { method: 'HEAD', agent }, resolve)
        .once('error', reject)
        .end();
    });
    expect(response.headers['docker-content-digest']).toBe(digest);
    agent.destroy();
  });
});
