import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openForwardProxy } from '../../registry-client/src/testing/forward-proxy.ts';
import {
  MANIFEST_DIGEST,
  serveManifest,
  targetOf,
} from '../../registry-client/src/testing/scripted-registry.ts';
import {
  openScriptedServer,
  type ScriptedServer,
} from '../../registry-client/src/testing/scripted-server.ts';
import { issueTestCertificate } from '../../registry-client/src/testing/test-certificate.ts';
import { openRegistry, type RegistryOptions } from './open-registry.ts';

const NAME = 'registry.invalid';
const never = new AbortController().signal;
const certificate = issueTestCertificate(`DNS:${NAME},IP:127.0.0.1`);

let server: ScriptedServer;
let folder: string;
let caFile: string;

beforeAll(async () => {
  server = await openScriptedServer(serveManifest, certificate);
  folder = await mkdtemp(join(tmpdir(), 'tagtrail-way-'));
  caFile = join(folder, 'ca.pem');
  await writeFile(caFile, certificate.cert);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function look(options: RegistryOptions, endpoint = server.host): Promise<unknown> {
  await using registry = await openRegistry(options);
  const target = targetOf(endpoint, { insecure: false });
  return await registry.headManifest(target, 'latest', never).then(
    ({ digest }) => digest,
    (error: Error) => error.message.replace(server.host, 'HOST'),
  );
}

describe('the way to a registry', () => {
  it('is that of the settings: its address and its authority', async () => {
    expect(await look({ caFile, privateAddresses: 'allowed' })).toBe(MANIFEST_DIGEST);
    expect(await look({ caFile, privateRegistries: ['127.0.0.1:*'] })).toBe(MANIFEST_DIGEST);
    expect(await look({ privateAddresses: 'allowed' })).toContain('the certificate is self-signed');
    expect(await look({ caFile })).toBe(
      'HOST/team/app:latest: it leads to a private address, which is not contacted; the operator can allow that with registries.privateAddresses or registries.privateRegistries',
    );
  });

  it('leads through the proxy of the settings', async () => {
    await using proxy = await openForwardProxy(server.host);
    const httpsProxy = proxy.origin.replace('http://', 'http://me:planted@');
    expect(await look({ caFile, httpsProxy }, NAME)).toBe(MANIFEST_DIGEST);
    expect(proxy.tunnels).toEqual([
      { place: `${NAME}:443`, authorization: `Basic ${btoa('me:planted')}` },
    ]);
    const direct = await look({ caFile, httpsProxy, noProxy: [NAME] }, NAME);
    expect(direct).toContain('host name not found');
  });

  it('leads to the mirror of the settings', async () => {
    const locations = [{ location: server.host, pull: 'all', insecure: false }] as const;
    const mirrors = [{ prefix: 'quay.io', locations, fallback: 'never' }] as const;
    const options = { caFile, privateAddresses: 'allowed', mirrors } as const;
    expect(await look(options, 'quay.io')).toBe(MANIFEST_DIGEST);
  });
});
