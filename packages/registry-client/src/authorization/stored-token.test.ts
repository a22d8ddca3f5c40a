import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
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
import type { Credential } from './credential.ts';

const never = new AbortController().signal;
const certificate = issueTestCertificate();
trustTestCertificate(certificate);

const IDENTITY: Credential = { username: '', password: 'planted identity', token: 'identity' };
const REGISTRY: Credential = { username: '', password: 'planted-registry', token: 'registry' };
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;

/** Wants `Bearer good`, which its own host issues as `token` does. */
function bearerRegistry(token: RequestListener): RequestListener {
  return (request, response) => {
    const { url = '', headers } = request;
    if (url.startsWith('/token')) token(request, response);
    else if (headers.authorization === 'Bearer good') sendManifest(response);
    else demandToken(request, response, { realm: `https://${headers.host}/token?x=1` });
  };
}

describe('an identity token', () => {
  it('is exchanged by POST, and shown to nobody else', async () => {
    const forms: string[] = [];
    const exchange: RequestListener = async (request, response) => {
      forms.push(await text(request));
      sendJson(response, { access_token: 'good', refresh_token: 'another', expires_in: 300 });
    };
    const registry = bearerRegistry((request, response) => void exchange(request, response));
    await using opened = await openForTest(registry, {
      certificate,
      credentials: () => [IDENTITY],
    });
    const head = await opened.client.headManifest(opened.target, 'latest', never);
    expect(head.digest).toBe(MANIFEST_DIGEST);
    expect(opened.lines()).toEqual([
      'HEAD /v2/team/app/manifests/latest',
      'POST /token?x=1',
      'HEAD /v2/team/app/manifests/latest',
    ]);
    expect(authorizations(opened)).toEqual([undefined, undefined, 'Bearer good']);
    expect(opened.requests[1]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(Object.fromEntries(new URLSearchParams(forms[0]))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'planted identity',
      client_id: 'tagtrail',
      service: 'registry.test',
      scope: 'repository:team/app:pull',
    });
  });

  it.each([
    [405, IDENTITY, '<token>:planted identity'],
    [404, IDENTITY, '<token>:planted identity'],
    [401, { ...IDENTITY, username: 'robot' }, 'robot:planted identity'],
    [400, { ...IDENTITY, username: '00000000' }, '00000000:planted identity'],
  ])('is shown by GET where POST is answered with %d', async (status, credential, pair) => {
    const registry = bearerRegistry((request, response) => {
      if (request.method === 'POST') sendStatus(response, status);
      else issueGood(request, response);
    });
    await using opened = await openForTest(registry, {
      certificate,
      credentials: () => [credential],
    });
    const head = await opened.client.headManifest(opened.target, 'latest', never);
    expect(head.digest).toBe(MANIFEST_DIGEST);
    expect(authorizations(opened)).toEqual([undefined, undefined, basic(pair), 'Bearer good']);
  });

  it.each([403, 429, 500])('is asked with once where POST is answered with %d', async (status) => {
    const registry = bearerRegistry((_, response) =>
      sendJson(response, { message: 'planted identity is bad' }, status),
    );
    await using opened = await openForTest(registry, {
      certificate,
      credentials: () => [IDENTITY],
    });
    const look = opened.client.headManifest(opened.target, 'latest', never);
    await expect(look).rejects.toMatchObject({ status });
    await expect(look).rejects.not.toThrow('planted identity');
    expect(opened.lines()).toHaveLength(2);
  });

  it('does not go to a token service that does not belong to the registry', async () => {
    const foreign = issueTestCertificate('DNS:localhost');
    trustTestCertificate(foreign);
    await using stranger = await openScriptedServer(issueGood, foreign);
    const realm = `${stranger.url.replace('127.0.0.1', 'localhost')}/token`;
    await using opened = await openForTest(
      (request, response) => demandToken(request, response, { realm }),
      { certificate, credentials: () => [IDENTITY] },
    );
    await expect(opened.client.headManifest(opened.target, 'latest', never)).rejects.toThrow();
    expect(stranger.requests.map(({ method }) => method)).toEqual(['GET']);
    expect(authorizations(stranger)).toEqual([undefined]);
  });
});

describe('a registry token', () => {
  it('is shown to the registry as it is, and no token service is asked', async () => {
    await using opened = await openForTest(
      (request, response) => {
        const { authorization, host } = request.headers;
        if (authorization === 'Bearer planted-registry') sendManifest(response);
        else demandToken(request, response, { realm: `https://${host}/token` });
      },
      { certificate, credentials: () => [REGISTRY] },
    );
    await opened.client.headManifest(opened.target, 'a', never);
    await opened.client.headManifest(opened.target, 'b', never);
    expect(opened.lines()).toEqual([
      'HEAD /v2/team/app/manifests/a',
      'HEAD /v2/team/app/manifests/a',
      'HEAD /v2/team/app/manifests/b',
    ]);
  });

  it('is tried once where it is refused, and not told', async () => {
    await using opened = await openForTest(
      (request, response) =>
        demandToken(request, response, { realm: `https://${request.headers.host}/token` }),
      { certificate, credentials: () => [REGISTRY] },
    );
    const look = opened.client.headManifest(opened.target, 'latest', never);
    await expect(look).rejects.toThrow(/the credentials configured for .* may not pull it/);
    await expect(look).rejects.not.toThrow('planted-registry');
    expect(authorizations(opened)).toEqual([undefined, 'Bearer planted-registry']);
  });

  it.each([
    ['a registry that asks for a password', 'Basic realm="r"', { certificate }],
    ['plain http', 'Bearer realm="http://127.0.0.1:1/token"', {}],
  ])('is not shown to %s', async (_, challenge, options) => {
    await using opened = await openForTest(
      (_request, response) => sendStatus(response, 401, { 'www-authenticate': challenge }),
      { ...options, credentials: () => [REGISTRY] },
    );
    await expect(opened.client.headManifest(opened.target, 'latest', never)).rejects.toThrow();
    expect(authorizations(opened)).toEqual([undefined]);
  });
});
