import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRegistrySimulator, type RegistrySimulator } from '../registry-simulator.ts';

const path = '/v2/shop/web/manifests/v1';

let simulator: RegistrySimulator;
let digest: string;

beforeEach(async () => {
  simulator = await openRegistrySimulator();
  digest = simulator.push('shop/web', 'v1').digest;
});

afterEach(async () => {
  await simulator[Symbol.asyncDispose]();
});

async function statusOf(at: string, headers: Readonly<Record<string, string>> = {}) {
  return (await fetch(`${simulator.url}${at}`, { headers })).status;
}

describe('a match', () => {
  it('is what kind of reference is asked for', async () => {
    const byDigest = `/v2/shop/web/manifests/${digest}`;
    simulator.faults.set({ referenceKind: 'digest' }, { status: 500 });
    expect([await statusOf(path), await statusOf(byDigest)]).toEqual([200, 500]);
    simulator.faults.clear();
    simulator.faults.set({ referenceKind: 'tag' }, { status: 500 });
    expect([await statusOf(path), await statusOf(byDigest)]).toEqual([500, 200]);
    expect(await statusOf('/v2/')).toBe(200);
  });

  it('is what kind of credential comes along', async () => {
    simulator.faults.set({ authorization: 'none' }, { status: 500 });
    simulator.faults.set({ authorization: 'basic' }, { status: 501 });
    expect(await statusOf(path)).toBe(500);
    expect(await statusOf(path, { authorization: 'basic dTpw' })).toBe(501);
    expect(await statusOf(path, { authorization: 'Bearer x' })).toBe(200);
  });
});

describe('the request log', () => {
  it('tells by which of its names the simulator was called', async () => {
    const named = simulator.url.replace('127.0.0.1', 'localhost');
    await fetch(`${named}${path}`);
    expect(simulator.requests.map(({ host }) => host)).toEqual([named.replace('http://', '')]);
  });
});
