import { describe, expect, it } from 'vitest';
import { openForwardProxy } from '../testing/forward-proxy.ts';
import { openForTest, type TestOptions } from '../testing/open-for-test.ts';
import { MANIFEST_DIGEST, serveManifest, targetOf } from '../testing/scripted-registry.ts';
import { openScriptedServer } from '../testing/scripted-server.ts';
import { issueTestCertificate, trustTestCertificate } from '../testing/test-certificate.ts';
import { PUBLIC_ONLY } from './address-policy.ts';

const never = new AbortController().signal;
/** A name that only the proxy knows. */
const NAME = 'registry.invalid';
const certificate = issueTestCertificate(`DNS:${NAME}`);
trustTestCertificate(certificate);

const PASSWORD = 'planted-password';
const authorization = `Basic ${Buffer.from(`user:${PASSWORD}`).toString('base64')}`;

/** A registry over TLS, the way through a proxy to it, and a client that knows of both. */
async function openProxied(
  { status, secure = true }: { readonly status?: number; readonly secure?: boolean } = {},
  options: TestOptions = {},
) {
  const server = await openScriptedServer(serveManifest, secure ? certificate : undefined);
  const proxy = await openForwardProxy(server.host, status === undefined ? {} : { status });
  const opened = await openForTest(serveManifest, {
    proxy: () => ({ origin: proxy.origin, authorization }),
    ...options,
  });
  return {
    server,
    proxy,
    client: opened.client,
    async [Symbol.asyncDispose]() {
      for (const part of [opened, proxy, server]) await part[Symbol.asyncDispose]();
    },
  };
}

const secureTarget = targetOf(NAME, { insecure: false });

describe('a proxy', () => {
  it('opens a tunnel for TLS that ends at the registry, and is told who asks', async () => {
    await using way = await openProxied();
    const look = () => way.client.headManifest(secureTarget, 'latest', never);
    expect((await look()).digest).toBe(MANIFEST_DIGEST);
    await look();
    expect(way.proxy.tunnels).toEqual([{ place: `${NAME}:443`, authorization }]);
    expect(way.server.requests.map(({ connection }) => connection)).toEqual([1, 1]);
    expect(way.server.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
  });

  it('opens a tunnel for plain http, too', async () => {
    await using way = await openProxied({ secure: false });
    const look = way.client.headManifest(targetOf(NAME), 'latest', never);
    expect((await look).digest).toBe(MANIFEST_DIGEST);
    expect(way.proxy.tunnels.map(({ place }) => place)).toEqual([`${NAME}:443`, `${NAME}:80`]);
  });

  it('is told to an observer without its password', async () => {
    const events: unknown[] = [];
    await using way = await openProxied({}, { observe: (event) => events.push(event) });
    await way.client.headManifest(secureTarget, 'latest', never);
    expect(events).toMatchObject([
      {
        kind: 'connection',
        authority: NAME,
        proxied: true,
        address: way.proxy.origin.slice('http://'.length),
        secure: { certificate: { names: [NAME] } },
      },
      { kind: 'reply', status: 200 },
    ]);
    expect(JSON.stringify(events)).not.toContain(authorization);
  });

  it('that refuses is told by its place and its status alone', async () => {
    await using way = await openProxied({ status: 407 });
    await expect(way.client.headManifest(secureTarget, 'latest', never)).rejects.toMatchObject({
      code: 'ConnectionFailed',
      message: `${NAME}/team/app:latest: the proxy ${way.proxy.origin.slice('http://'.length)} answered 407; check that ${NAME} can be reached`,
    });
  });

  it('that is not there is told by its place, without user and password', async () => {
    const origin = `http://user:${PASSWORD}@127.0.0.1:1`;
    const proxy = () => ({ origin, authorization });
    await using opened = await openForTest(serveManifest, { proxy });
    const look = opened.client.headManifest(secureTarget, 'latest', never);
    await expect(look).rejects.toMatchObject({
      code: 'ConnectionFailed',
      message: expect.stringContaining('the proxy 127.0.0.1:1 cannot be used: connection refused'),
    });
    await expect(look).rejects.not.toMatchObject({
      message: expect.stringContaining(PASSWORD),
    });
  });
});

describe('an address behind a proxy', () => {
  it.each(['10.0.0.1', '169.254.169.254', 'localhost'])(
    'is judged before the proxy hears of it: %s',
    async (host) => {
      await using way = await openProxied({}, { addresses: PUBLIC_ONLY });
      const look = way.client.headManifest(targetOf(host), 'latest', never);
      await expect(look).rejects.toMatchObject({ code: 'Forbidden' });
      expect(way.proxy.tunnels).toEqual([]);
    },
  );

  it('may be that of a name which only the proxy knows, if a definition names it', async () => {
    await using way = await openProxied({}, { addresses: PUBLIC_ONLY });
    const look = way.client.headManifest(secureTarget, 'latest', never);
    expect((await look).digest).toBe(MANIFEST_DIGEST);
  });

  it('is not that of a name which only the proxy knows, if a registry leads there', async () => {
    await using way = await openProxied({}, { addresses: PUBLIC_ONLY });
    way.server.server.removeAllListeners('request');
    way.server.server.on('request', (_, response) =>
      response.writeHead(307, { location: 'https://elsewhere.invalid/v2/' }).end(),
    );
    await expect(way.client.headManifest(secureTarget, 'latest', never)).rejects.toMatchObject({
      code: 'ConnectionFailed',
      message: expect.stringContaining('redirected to elsewhere.invalid: host name not found'),
    });
    expect(way.proxy.tunnels.map(({ place }) => place)).toEqual([`${NAME}:443`]);
  });
});
