import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { openForTest } from '../testing/open-for-test.ts';
import {
  authorizations,
  demandToken,
  issueGood,
  MANIFEST_DIGEST,
  sendJson,
  sendManifest,
  sendStatus,
} from '../testing/scripted-registry.ts';
import { openScriptedServer } from '../testing/scripted-server.ts';
import { issueTestCertificate, trustTestCertificate } from '../testing/test-certificate.ts';

const never = new AbortController().signal;
const certificate = issueTestCertificate();
trustTestCertificate(certificate);

const alice = { username: 'alice', password: 'se:cret' };
const ALICE_BASIC = `Basic ${Buffer.from('alice:se:cret').toString('base64')}`;

describe('credentials', () => {
  it('go to the token service of the same host, and never in clear into a message', async () => {
    await using registry = await openForTest(
      (request, response) => {
        if (!request.url?.startsWith('/token')) {
          demandToken(request, response, { realm: `https://${request.headers.host}/token` });
        } else {
          const echo = `bad login alice:se:cret (${request.headers.authorization})`;
          sendJson(response, { details: echo }, 401);
        }
      },
      { certificate, credentials: () => [alice] },
    );
    const look = registry.client.headManifest(registry.target, 'latest', never);
    await expect(look).rejects.toMatchObject({ code: 'Unauthorized' });
    await expect(look).rejects.toThrow('bad login *** (Basic ***)');
    await expect(look).rejects.toThrow('check the credentials configured');
    expect(registry.requests[1]?.headers.authorization).toBe(ALICE_BASIC);
  });

  it('do not go to a token service that does not belong to the registry', async () => {
    const certificateOfStranger = issueTestCertificate('DNS:localhost');
    trustTestCertificate(certificateOfStranger);
    await using stranger = await openScriptedServer(issueGood, certificateOfStranger);
    const realm = `${stranger.url.replace('127.0.0.1', 'localhost')}/token`;
    await using registry = await openForTest(
      (request, response) => demandToken(request, response, { realm }),
      { certificate, credentials: () => [alice] },
    );
    const look = registry.client.headManifest(registry.target, 'latest', never);
    await expect(look).rejects.toMatchObject({
      code: 'Unauthorized',
      message: expect.stringMatching(/credentials were not sent to the token service localhost/),
    });
    expect(authorizations(stranger)).toEqual([undefined]);
  });

  it('go nowhere because a host demands them that the registry redirects to', async () => {
    await using store = await openScriptedServer((_request, response) => {
      response.setHeader('www-authenticate', 'Basic realm="give me"');
      response.writeHead(401).end('what our network says');
    }, certificate);
    await using registry = await openForTest(
      (_request, response) => sendStatus(response, 307, { location: `${store.url}/x` }),
      { certificate, credentials: () => [alice] },
    );
    const look = registry.client.headManifest(registry.target, 'latest', never);
    await expect(look).rejects.toThrow(`redirected to ${store.host}: access refused`);
    await expect(look).rejects.not.toThrow('our network');
    expect([...authorizations(registry), ...authorizations(store)]).toEqual([undefined, undefined]);
  });

  it('reach the self-signed token service of an insecure registry', async () => {
    await using registry = await openForTest(
      (request, response) => {
        const { url, headers } = request;
        if (url?.startsWith('/token')) issueGood(request, response);
        else if (headers.authorization === 'Bearer good') sendManifest(response);
        else demandToken(request, response, { realm: `https://${headers.host}/token` });
      },
      { certificate: issueTestCertificate(), credentials: () => [alice] },
    );
    const target = { ...registry.target, insecure: true };
    const head = await registry.client.headManifest(target, 'latest', never);
    expect(head.digest).toBe(MANIFEST_DIGEST);
    expect(authorizations(registry)).toEqual([undefined, ALICE_BASIC, 'Bearer good']);
  });

  it('answer a Basic challenge, and then need no challenge any more', async () => {
    await using registry = await openForTest(
      (request, response) =>
        request.headers.authorization === ALICE_BASIC
          ? sendManifest(response)
          : sendStatus(response, 401, { 'www-authenticate': 'Basic realm="r"' }),
      { certificate, credentials: () => [alice] },
    );
    await registry.client.headManifest(registry.target, 'latest', never);
    await registry.client.headManifest(registry.target, 'latest', never);
    expect(authorizations(registry)).toEqual([undefined, ALICE_BASIC, ALICE_BASIC]);
  });

  it('are tried once when the registry refuses them', async () => {
    await using registry = await openForTest(
      (_request, response) => sendStatus(response, 401, { 'www-authenticate': 'Basic realm="r"' }),
      { certificate, credentials: () => [alice] },
    );
    const look = () => registry.client.headManifest(registry.target, 'latest', never);
    await expect(look()).rejects.toThrow(
      /credentials configured for 127\.0\.0\.1:\d+ may not pull/,
    );
    expect(registry.requests).toHaveLength(2);
    await expect(look()).rejects.toMatchObject({ code: 'Unauthorized' });
    expect(registry.requests).toHaveLength(3);
  });

  it('stay at home over plain http unless the operator allows the registry', async () => {
    const answer: RequestListener = (request, response) =>
      request.headers.authorization === ALICE_BASIC
        ? sendManifest(response)
        : sendStatus(response, 401, { 'www-authenticate': 'Basic realm="r"' });
    await using strict = await openForTest(answer, { credentials: () => [alice] });
    await expect(strict.client.headManifest(strict.target, 'latest', never)).rejects.toThrow(
      /credentials were not sent, because the registry is spoken to in plain http/,
    );
    expect(authorizations(strict)).toEqual([undefined]);
    await using allowed = await openForTest(answer, {
      credentials: () => [alice],
      plaintext: true,
    });
    const head = await allowed.client.headManifest(allowed.target, 'latest', never);
    expect(head.digest).toBe(MANIFEST_DIGEST);
  });

  it('are looked up by registry and repository', async () => {
    const asked: unknown[] = [];
    await using registry = await openForTest(
      (_request, response) => sendStatus(response, 401, { 'www-authenticate': 'Basic realm="r"' }),
      {
        certificate,
        credentials: (...place) => {
          asked.push(place);
          return [];
        },
      },
    );
    const target = { ...registry.target, registry: 'docker.io' };
    await expect(registry.client.headManifest(target, 'latest', never)).rejects.toThrow(
      'none are configured for docker.io',
    );
    expect(asked).toEqual([['docker.io', 'team/app']]);
  });
});

describe('challenges that cannot be answered', () => {
  it.each([
    ['garbage', { 'www-authenticate': '"\u00ff,,=Bearer realm' }],
    ['an unknown scheme', { 'www-authenticate': 'Negotiate YII=' }],
    ['a realm that is no address', { 'www-authenticate': 'Bearer realm="token"' }],
  ])('lead to a plain refusal: %s', async (_what, headers) => {
    await using registry = await openForTest((_request, response) =>
      sendStatus(response, 401, headers),
    );
    await expect(
      registry.client.headManifest(registry.target, 'latest', never),
    ).rejects.toMatchObject({
      code: 'Unauthorized',
      message: expect.stringContaining('does not say how to authenticate'),
    });
    expect(registry.requests).toHaveLength(1);
  });
});
