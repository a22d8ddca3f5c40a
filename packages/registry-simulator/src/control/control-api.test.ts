import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RegistrySimulator } from '../registry-simulator.ts';
import { openRegistrySimulator } from '../registry-simulator.ts';

let simulator: RegistrySimulator;

beforeEach(async () => {
  simulator = await openRegistrySimulator();
});

afterEach(async () => {
  await simulator[Symbol.asyncDispose]();
});

async function control(method: string, path: string, body?: unknown) {
  const response = await fetch(`${simulator.url}/_simulator/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
}

async function refusal(method: string, path: string, body: unknown) {
  const { status, json } = await control(method, path, body);
  return [status, json.errors[0].code, json.errors[0].message];
}

function fetchManifest(reference = 'v1'): Promise<Response> {
  return fetch(`${simulator.url}/v2/shop/web/manifests/${reference}`);
}

describe('the ledger over HTTP', () => {
  it('is read from where the reader was', async () => {
    const pushes = ['v1', 'v2', 'v3'].map((tag) => simulator.push('shop/web', tag));
    const all = await control('GET', 'pushes');
    expect(all).toEqual({ status: 200, json: { pushes, next: 3, dropped: 0 } });
    const { json } = await control('GET', 'pushes?since=2');
    expect(json).toEqual({ pushes: [pushes[2]], next: 3, dropped: 0 });
    expect(await refusal('GET', 'pushes?since=-1', undefined)).toEqual([
      400,
      'InvalidRequest',
      'since: must be a whole number',
    ]);
  });

  it('shows requests to the registry, none to the control itself', async () => {
    await fetchManifest();
    await control('GET', 'pushes');
    const { json } = await control('GET', 'requests?since=0');
    expect(json).toEqual({ requests: simulator.requests, next: 1, dropped: 0 });
    expect(json.requests).toMatchObject([{ repository: 'shop/web', status: 404 }]);
  });
});

describe('pushing over HTTP', () => {
  it('makes a plain image unless told', async () => {
    const { status, json } = await control('POST', 'push', { repository: 'shop/web', tag: 'v1' });
    expect(status).toBe(201);
    expect(simulator.pushes).toEqual([json]);
    expect((await fetchManifest()).headers.get('docker-content-digest')).toBe(json.digest);
  });

  it('takes every kind of image', async () => {
    const target = { repository: 'shop/web', tag: 'v1' };
    const push = async (image: object) =>
      (await control('POST', 'push', { ...target, image })).json;
    const single = await push({ platform: 'linux/arm64', format: 'docker', labels: { a: 'b' } });
    const index = await push({ platforms: ['linux/amd64'], attestations: true, seed: 1 });
    expect(index.children).toHaveLength(2);
    expect((await push({ sameAs: single.digest })).digest).toBe(single.digest);
    await push({ manifest: '{', mediaType: 'text/plain' });
    expect(await (await fetchManifest()).text()).toBe('{');
  });

  it('refuses what it does not understand, naming the field', async () => {
    const target = { repository: 'shop/web', tag: 'v1' };
    const cases: [object | null, string][] = [
      [null, 'request: must be an object'],
      [{ tag: 'v1' }, 'request.repository: must be given'],
      [{ ...target, repository: 'Shop' }, 'repository Shop: not a repository name'],
      [{ ...target, image: { colour: 'red' } }, 'image.colour: must be left out: unknown field'],
      [{ ...target, image: { platforms: 'all' } }, 'image.platforms: must be a list of strings'],
      [{ ...target, image: { manifest: '{}' } }, 'image.mediaType: must be given'],
      [{ ...target, image: { format: 'tar' } }, 'image.format: must be oci | docker'],
    ];
    for (const [body, message] of cases) {
      const [status, , said] = await refusal('POST', 'push', body);
      expect([status, said]).toEqual([400, message]);
    }
    expect(simulator.pushes).toEqual([]);
  });

  it('knows which image it does not have', async () => {
    const image = { sameAs: `sha256:${'0'.repeat(64)}` };
    const body = { repository: 'shop/web', tag: 'v1', image };
    expect((await refusal('POST', 'push', body)).slice(0, 2)).toEqual([404, 'UnknownDigest']);
  });

  it('refuses a body that is not JSON, or too large', async () => {
    const post = (body: string) =>
      fetch(`${simulator.url}/_simulator/push`, { method: 'POST', body });
    expect((await post('{')).status).toBe(400);
    expect((await post(' '.repeat(17 * 1024 * 1024))).status).toBe(413);
    expect((await control('GET', 'pushes')).status).toBe(200);
  });
});

describe('a control client', () => {
  it('that leaves in the middle of its body does no harm', async () => {
    const leaving = request(`${simulator.url}/_simulator/push`, { method: 'POST' });
    leaving.once('error', () => undefined);
    leaving.setHeader('Content-Length', 100);
    await new Promise((resolve) => leaving.write('{', resolve));
    leaving.destroy();
    expect((await control('GET', 'pushes')).json.pushes).toEqual([]);
  });
});

describe('faults over HTTP', () => {
  it('are set and cleared', async () => {
    simulator.push('shop/web', 'v1');
    const rule = { match: { repository: 'shop', first: 5 }, fault: { status: 503, retryAfter: 2 } };
    expect(await control('POST', 'faults', rule)).toEqual({ status: 201, json: rule });
    const spoiled = await fetchManifest();
    expect([spoiled.status, spoiled.headers.get('retry-after')]).toEqual([503, '2']);
    expect((await control('DELETE', 'faults')).status).toBe(204);
    expect((await fetchManifest()).status).toBe(200);
  });

  it('are set by the names of the catalogue', async () => {
    simulator.push('shop/web', 'v1');
    const wanted = { name: 'flip-flop', match: { repository: 'shop/web' } };
    expect(await control('POST', 'faults', wanted)).toEqual({ status: 201, json: wanted });
    expect(simulator.faults.rules).toMatchObject([{ fault: { previous: true } }]);
    expect(await refusal('POST', 'faults', { name: 'flop-flip' })).toEqual([
      404,
      'UnknownFault',
      'no fault is named flop-flip',
    ]);
  });

  it('have parts with fields of their own', async () => {
    const fault = {
      tagList: { pageSize: 2, refuseAbove: { size: 9, status: 413 }, extra: [null, 'x'] },
      challenge: { realm: null, scope: 'a' },
      statusFor: { 404: 401 },
      setFields: { token: { deep: true } },
      wantsAccept: { type: 'served', status: 406 },
    };
    expect((await control('POST', 'faults', { fault })).status).toBe(201);
    const [, , message] = await refusal('POST', 'faults', { fault: { tagList: { pagesize: 2 } } });
    expect(message).toMatch(/^fault\.tagList: must be an object with pageSize, refuseAbove, /);
    const [, , status] = await refusal('POST', 'faults', { fault: { statusFor: { 404: 99 } } });
    expect(status).toBe(
      'fault.statusFor: must be an object of statuses by the status they replace',
    );
  });

  it('do not reach the control itself', async () => {
    await control('POST', 'faults', { fault: { hang: true } });
    expect((await control('DELETE', 'faults')).status).toBe(204);
  });

  it('with a slip in them are refused', async () => {
    const cases: [object, string][] = [
      [{ match: {} }, 'request.fault: must be given'],
      [{ fault: { latncy: 5 } }, 'fault.latncy: must be left out: unknown field'],
      [{ fault: { status: 42 } }, 'fault.status: must be a whole number from 200 to 599'],
      [{ fault: { hang: false } }, 'fault.hang: must be true'],
      [{ fault: { headers: { a: 1 } } }, 'fault.headers: must be an object of strings or null'],
      [{ fault: { retryAfter: 'a\nb' } }, 'fault.headers: not valid in HTTP'],
      [{ match: { every: 0 }, fault: {} }, 'match.every: must be a whole number from 1 up'],
      [{ match: { probability: 2 }, fault: {} }, 'match.probability: must be a number from 0 to 1'],
    ];
    for (const [body, message] of cases) {
      expect(await refusal('POST', 'faults', body)).toEqual([400, 'InvalidRequest', message]);
    }
    expect(simulator.faults.rules).toEqual([]);
  });
});

describe('tags over HTTP', () => {
  it('are deleted', async () => {
    simulator.push('shop/web', 'v1');
    const target = { repository: 'shop/web', tag: 'v1' };
    expect((await control('DELETE', 'tags', target)).status).toBe(204);
    expect((await fetchManifest()).status).toBe(404);
    expect((await refusal('DELETE', 'tags', target)).slice(0, 2)).toEqual([404, 'UnknownTag']);
  });
});

describe('the control', () => {
  it('knows its own paths only', async () => {
    expect((await control('GET', 'push')).status).toBe(404);
    expect((await control('GET', 'nothing')).status).toBe(404);
  });

  it('refuses web pages', async () => {
    const headers = { Origin: 'https://example.com' };
    const response = await fetch(`${simulator.url}/_simulator/pushes`, { headers });
    expect(response.status).toBe(403);
  });

  const outward = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal)?.address;

  it.skipIf(outward === undefined)('refuses other machines', async () => {
    await using wide = await openRegistrySimulator({ host: '0.0.0.0' });
    const url = wide.url.replace('127.0.0.1', outward ?? '');
    expect((await fetch(`${url}/v2/`)).status).toBe(200);
    expect((await fetch(`${url}/_simulator/pushes`)).status).toBe(403);
    expect((await fetch(`${wide.url}/_simulator/pushes`)).status).toBe(200);
  });
});
