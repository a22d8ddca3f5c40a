import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type OpenedForTest, openForTest, type TestOptions } from '../testing/open-for-test.ts';
import {
  demandToken,
  MANIFEST_DIGEST,
  sendJson,
  sendManifest,
  sendStatus,
  serveManifest,
} from '../testing/scripted-registry.ts';
import { issueTestCertificate, trustTestCertificate } from '../testing/test-certificate.ts';
import type { RegistryEvent } from './registry-event.ts';

const never = new AbortController().signal;
const alice = { username: 'alice', password: 'planted-password' };
const TOKEN = 'planted-token';
const certificate = issueTestCertificate();
trustTestCertificate(certificate);

interface Watched extends OpenedForTest {
  readonly events: RegistryEvent[];
}

async function openWatched(answer: RequestListener, options: TestOptions = {}): Promise<Watched> {
  const events: RegistryEvent[] = [];
  const opened = await openForTest(answer, { observe: (event) => events.push(event), ...options });
  return { ...opened, events };
}

describe('an observer', () => {
  it('is told of the connection, each request, the challenge and the token, in order', async () => {
    await using registry = await openWatched(
      (request, response) => {
        const { url = '', headers } = request;
        const realm = `https://${headers.host}/token?key=${alice.password}`;
        if (url.startsWith('/token')) sendJson(response, { token: TOKEN, expires_in: 300 });
        else if (headers.authorization === `Bearer ${TOKEN}`) sendManifest(response);
        else demandToken(request, response, { realm });
      },
      { certificate, credentials: () => [alice] },
    );
    await registry.client.headManifest(registry.target, 'latest', never);
    const { url, host, events } = registry;
    const manifest = `${url}/v2/team/app/manifests/latest`;
    expect(events).toMatchObject([
      {
        kind: 'connection',
        mode: 'verified',
        authority: host,
        address: host,
        connectTook: expect.any(Number),
        secure: { protocol: 'TLSv1.3', certificate: { names: ['127.0.0.1'] } },
        failure: undefined,
      },
      { kind: 'reply', method: 'HEAD', url: manifest, status: 401, took: expect.any(Number) },
      {
        kind: 'challenge',
        offered: ['bearer'],
        chosen: {
          scheme: 'bearer',
          realm: `${url}/token`,
          service: 'registry.test',
          scope: 'repository:team/app:pull',
          credential: 'shown',
        },
      },
      { kind: 'reply', method: 'GET', url: `${url}/token`, status: 200 },
      { kind: 'token', form: 'opaque', lifetime: 300_000, lifetimeFrom: 'reply' },
      {
        kind: 'reply',
        url: manifest,
        status: 200,
        headers: { 'docker-content-digest': MANIFEST_DIGEST },
      },
    ]);
    const told = JSON.stringify(events);
    const basic = Buffer.from(`alice:${alice.password}`).toString('base64');
    for (const secret of [alice.password, TOKEN, basic]) expect(told).not.toContain(secret);
  });

  it('is told what a name leads to', async () => {
    await using registry = await openWatched(serveManifest);
    const endpoint = registry.host.replace('127.0.0.1', 'localhost');
    await registry.client.headManifest({ ...registry.target, endpoint }, 'latest', never);
    const [lookup] = registry.events;
    expect(lookup).toMatchObject({ kind: 'lookup', host: 'localhost', took: expect.any(Number) });
    expect(lookup).toHaveProperty('addresses', expect.arrayContaining(['127.0.0.1']));
  });

  it('is told of a certificate that is refused', async () => {
    await using registry = await openWatched(serveManifest, {
      certificate: issueTestCertificate(),
    });
    const look = registry.client.headManifest(registry.target, 'latest', never);
    await expect(look).rejects.toMatchObject({ code: 'TLSError' });
    expect(registry.events).toMatchObject([
      {
        kind: 'connection',
        secure: { certificate: { issuer: 'tagtrail test' } },
        failure: { kind: 'certificate' },
      },
      { kind: 'no-reply', failure: { kind: 'certificate', connecting: true } },
    ]);
  });

  it('is told of every step down from verified TLS', async () => {
    await using registry = await openWatched(serveManifest);
    await registry.client.headManifest(registry.target, 'latest', never);
    const connections = registry.events.filter(({ kind }) => kind === 'connection');
    expect(connections).toMatchObject([
      { mode: 'verified', secure: undefined, failure: { kind: 'tls' } },
      { mode: 'plain', address: registry.host, failure: undefined },
    ]);
  });

  it('is told the host as it was asked for, with a port that goes without saying', async () => {
    await using registry = await openWatched(serveManifest);
    const target = { ...registry.target, endpoint: '127.0.0.1:443', insecure: false };
    await expect(registry.client.headManifest(target, 'latest', never)).rejects.toThrow();
    expect(registry.events[0]).toMatchObject({ kind: 'connection', authority: '127.0.0.1:443' });
  });

  it('is told of an address that is never dialled', async () => {
    await using registry = await openWatched(serveManifest);
    const target = { ...registry.target, endpoint: '169.254.169.254' };
    await expect(registry.client.headManifest(target, 'latest', never)).rejects.toThrow();
    expect(registry.events[0]).toMatchObject({
      kind: 'connection',
      authority: '169.254.169.254',
      address: undefined,
      failure: { kind: 'refused' },
    });
  });

  it('is told nothing that a registry repeats of an Authorization', async () => {
    await using registry = await openWatched(
      ({ headers }, response) => {
        const { authorization = 'Basic realm="r"' } = headers;
        const echo = { 'content-type': authorization, link: authorization };
        if (headers.authorization !== undefined) sendStatus(response, 200, echo);
        else sendStatus(response, 401, { 'www-authenticate': authorization });
      },
      { certificate, credentials: () => [alice] },
    );
    await registry.client.ping(registry.target, never);
    expect(registry.events.at(-1)).toMatchObject({
      headers: { 'content-type': 'Basic ***', link: 'Basic ***' },
    });
  });
});

describe('ping', () => {
  it('asks a registry without naming a repository, and for a token without a scope', async () => {
    await using registry = await openForTest((request, response) => {
      const { url = '', headers } = request;
      if (url.startsWith('/token')) return sendJson(response, { token: TOKEN });
      if (headers.authorization === `Bearer ${TOKEN}`) return sendJson(response, {});
      const challenge = `Bearer realm="http://${headers.host}/token",service="s"`;
      return sendStatus(response, 401, { 'www-authenticate': challenge });
    });
    const { registry: name, endpoint, insecure } = registry.target;
    await registry.client.ping({ registry: name, endpoint, insecure }, never);
    expect(registry.lines()).toEqual(['GET /v2/', 'GET /token?service=s', 'GET /v2/']);
  });

  it('fails with every answer but 200', async () => {
    await using registry = await openForTest((_, response) => sendStatus(response, 404));
    await expect(registry.client.ping(registry.target, never)).rejects.toMatchObject({
      code: 'NotFound',
      message: expect.stringMatching(/^127\.0\.0\.1:\d+\/v2\/: not found/),
    });
    expect(registry.lines()).toEqual(['GET /v2/']);
  });

  it.each([{ endpoint: 'a b' }, { repository: '../x' }])(
    'asks nobody by a wrong name: %j',
    async (changes) => {
      await using registry = await openForTest(serveManifest);
      const ping = registry.client.ping({ ...registry.target, ...changes }, never);
      await expect(ping).rejects.toThrow(/not a valid (registry host|repository name)/);
      expect(registry.lines()).toEqual([]);
    },
  );
});

describe('firstTagPage', () => {
  it('is one request, whatever follows', async () => {
    await using registry = await openForTest((_, response) => {
      response.setHeader('link', '</v2/team/app/tags/list?last=b>; rel="next"');
      sendJson(response, { name: 'team/app', tags: ['a', 'b'] });
    });
    expect(await registry.client.firstTagPage(registry.target, never)).toEqual({
      names: ['a', 'b'],
      asked: 1_000,
      more: true,
    });
    expect(registry.lines()).toEqual(['GET /v2/team/app/tags/list?n=1000']);
  });
});
