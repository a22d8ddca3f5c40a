import type { RequestListener, ServerResponse } from 'node:http';
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

const never = new AbortController().signal;

/** A registry that wants `Bearer good`, with its token service on the same host. */
function bearerRegistry(
  token: RequestListener,
  accepted: () => string = () => 'good',
): RequestListener {
  return (request, response) => {
    if (request.url?.startsWith('/token')) token(request, response);
    else if (request.headers.authorization === `Bearer ${accepted()}`) sendManifest(response);
    else demandToken(request, response, { realm: `http://${request.headers.host}/token?x=1` });
  };
}

describe('bearer tokens', () => {
  it('asks for a token with service and scope, and keeps what the realm already carries', async () => {
    await using registry = await openForTest(bearerRegistry(issueGood));
    const head = await registry.client.headManifest(registry.target, 'latest', never);
    expect(head.digest).toBe(MANIFEST_DIGEST);
    expect(registry.lines()).toEqual([
      'HEAD /v2/team/app/manifests/latest',
      'GET /token?x=1&service=registry.test&scope=repository%3Ateam%2Fapp%3Apull',
      'HEAD /v2/team/app/manifests/latest',
    ]);
    expect(authorizations(registry)).toEqual([undefined, undefined, 'Bearer good']);
  });

  it('goes token, then HEAD, for the next repository of a host it knows', async () => {
    await using registry = await openForTest(bearerRegistry(issueGood));
    await registry.client.headManifest(registry.target, 'latest', never);
    registry.requests.length = 0;
    const other = { ...registry.target, repository: 'team/other' };
    await registry.client.headManifest(other, 'latest', never);
    expect(registry.lines()).toEqual([
      'GET /token?x=1&service=registry.test&scope=repository%3Ateam%2Fother%3Apull',
      'HEAD /v2/team/other/manifests/latest',
    ]);
  });

  it('makes one token request for twenty looks at once', async () => {
    await using registry = await openForTest(bearerRegistry(issueGood));
    const looks = Array.from({ length: 20 }, (_, index) =>
      registry.client.headManifest(registry.target, `tag-${index}`, never),
    );
    await Promise.all(looks);
    const tokens = registry.lines().filter((line) => line.startsWith('GET /token'));
    expect(tokens).toHaveLength(1);
  });

  it('does not lose the shared token request to a caller who gives up', async () => {
    const asked = Promise.withResolvers<ServerResponse>();
    await using registry = await openForTest(
      bearerRegistry((_request, response) => asked.resolve(response)),
    );
    const impatient = new AbortController();
    const given = registry.client.headManifest(registry.target, 'a', impatient.signal);
    const patient = registry.client.headManifest(registry.target, 'b', never);
    const response = await asked.promise;
    const reason = new Error('the caller gave up');
    impatient.abort(reason);
    await expect(given).rejects.toBe(reason);
    sendJson(response, { access_token: 'good' });
    expect((await patient).digest).toBe(MANIFEST_DIGEST);
  });

  it('renews a token once it has expired', async () => {
    const clock = { now: Date.now() };
    await using registry = await openForTest(bearerRegistry(issueGood), { now: () => clock.now });
    await registry.client.headManifest(registry.target, 'latest', never);
    clock.now += 300_000;
    registry.requests.length = 0;
    await registry.client.headManifest(registry.target, 'latest', never);
    expect(registry.lines().map((line) => line.slice(0, 10))).toEqual(['GET /token', 'HEAD /v2/t']);
  });

  it('replaces a token that the registry refuses before its time, once', async () => {
    let serial = 0;
    let accepted = 'token-1';
    await using registry = await openForTest(
      bearerRegistry(
        (_request, response) => {
          serial += 1;
          sendJson(response, { token: `token-${serial}` });
        },
        () => accepted,
      ),
    );
    await registry.client.headManifest(registry.target, 'latest', never);
    accepted = 'token-2';
    await registry.client.headManifest(registry.target, 'latest', never);
    expect(authorizations(registry)).toEqual([
      ...[undefined, undefined, 'Bearer token-1'],
      ...['Bearer token-1', undefined, 'Bearer token-2'],
    ]);
  });

  it('does not loop when a new token is refused too', async () => {
    await using registry = await openForTest(bearerRegistry(issueGood, () => 'another'));
    const look = registry.client.headManifest(registry.target, 'latest', never);
    await expect(look).rejects.toMatchObject({
      code: 'Unauthorized',
      status: 401,
      retryable: false,
      message: expect.stringContaining('does not exist, or needs credentials'),
    });
    expect(registry.requests).toHaveLength(3);
    registry.requests.length = 0;
    const other = { ...registry.target, repository: 'team/other' };
    await expect(registry.client.headManifest(other, 'latest', never)).rejects.toThrow();
    expect(registry.requests).toHaveLength(2);
  });

  it('asks for the scope that the registry demands, and remembers it', async () => {
    await using registry = await openForTest((request, response) => {
      if (request.url?.startsWith('/token')) issueGood(request, response);
      else if (request.headers.authorization) sendManifest(response);
      else demandToken(request, response, { realm: `${registryUrl}/token`, scope: 'a:b:pull c' });
    });
    const registryUrl = registry.url;
    await registry.client.headManifest(registry.target, 'latest', never);
    await registry.client.headManifest(registry.target, 'other', never);
    expect(registry.lines()[1]).toBe('GET /token?service=registry.test&scope=a%3Ab%3Apull&scope=c');
    expect(registry.requests).toHaveLength(4);
  });

  it.each([
    ['a page', (_request, response) => response.end('<html>')],
    ['an empty object', (_request, response) => sendJson(response, {})],
    [
      'a token with a line break',
      (_request, response) => sendJson(response, { token: 'a\r\nb: c' }),
    ],
    [
      'a token without end',
      (_request, response) => sendJson(response, { token: 'x'.repeat(70_000) }),
    ],
    ['a redirect', (_request, response) => sendStatus(response, 302, { location: '/elsewhere' })],
  ] satisfies [string, RequestListener][])(
    'reports a token service that answers with %s',
    async (_what, answer) => {
      await using registry = await openForTest(bearerRegistry(answer));
      const look = registry.client.headManifest(registry.target, 'latest', never);
      await expect(look).rejects.toMatchObject({
        code: 'RegistryError',
        message: expect.stringMatching(/team\/app: token service 127\.0\.0\.1:\d+: /),
      });
      expect(registry.requests).toHaveLength(2);
    },
  );

  it('asks a host without a token once its token service fails', async () => {
    let isDown = false;
    await using registry = await openForTest((request, response) => {
      if (isDown && request.url?.startsWith('/token')) sendStatus(response, 503);
      else if (isDown) sendManifest(response);
      else bearerRegistry(issueGood)(request, response);
    });
    await registry.client.headManifest(registry.target, 'latest', never);
    isDown = true;
    const other = { ...registry.target, repository: 'team/other' };
    const look = () => registry.client.headManifest(other, 'latest', never);
    await expect(look()).rejects.toMatchObject({ code: 'RegistryError', retryable: true });
    expect((await look()).digest).toBe(MANIFEST_DIGEST);
  });
});
