import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { openForTest } from './testing/open-for-test.ts';
import {
  authorizations,
  demandToken,
  MANIFEST_DIGEST,
  sendJson,
  sendManifest,
  sendStatus,
} from './testing/scripted-registry.ts';
import { openScriptedServer } from './testing/scripted-server.ts';

const never = new AbortController().signal;
const HEAD = 'HEAD /v2/team/app/manifests/latest';
const TOKEN = 'GET /token?service=registry.test&scope=repository%3Ateam%2Fapp%3Apull';

describe('a 401 that does not say how to authenticate', () => {
  it('is explained at the door of the registry, whose scope is not that of the repository', async () => {
    await using registry = await openForTest((request, response) => {
      const { url = '', headers } = request;
      const realm = `http://${headers.host}/token`;
      if (url.startsWith('/token')) sendJson(response, { token: 'good', expires_in: 300 });
      else if (url === '/v2/') demandToken(request, response, { realm, scope: 'registry:all:*' });
      else if (headers.authorization === 'Bearer good') sendManifest(response);
      else sendStatus(response, 401);
    });
    const look = () => registry.client.headManifest(registry.target, 'latest', never);
    expect((await look()).digest).toBe(MANIFEST_DIGEST);
    expect(registry.lines()).toEqual([HEAD, 'GET /v2/', TOKEN, HEAD]);
    registry.requests.length = 0;
    await look();
    expect(registry.lines()).toEqual([HEAD]);
  });

  it.each([
    ['is open', 200],
    ['is as silent', 401],
    ['is not there', 404],
  ])('is a refusal where the door %s', async (_, status) => {
    await using registry = await openForTest(({ url }, response) =>
      sendStatus(response, url === '/v2/' ? status : 401),
    );
    await expect(
      registry.client.headManifest(registry.target, 'latest', never),
    ).rejects.toMatchObject({
      code: 'Unauthorized',
      message: expect.stringContaining('the registry does not say how to authenticate'),
    });
    expect(registry.lines()).toEqual([HEAD, 'GET /v2/']);
  });
});

describe('a registry that redirects to another one', () => {
  it('has no part in the tokens that are asked for at that one by its own name', async () => {
    const scopes: (string | null)[] = [];
    await using victim = await openScriptedServer((request, response) => {
      const { url = '', headers } = request;
      if (url.startsWith('/token')) {
        scopes.push(new URL(url, 'http://victim').searchParams.getAll('scope').join(' '));
        sendJson(response, { token: 'good', expires_in: 300 });
      } else if (headers.authorization === 'Bearer good') sendManifest(response);
      else demandToken(request, response, { realm: `http://${headers.host}/token` });
    });
    await using evil = await openForTest((_, response) =>
      sendStatus(response, 307, { location: `${victim.url}/v2/secret/x/manifests/latest` }),
    );
    await evil.client.headManifest(evil.target, 'latest', never);
    const { host } = victim;
    const target = { ...evil.target, registry: host, endpoint: host };
    await evil.client.headManifest(target, 'latest', never);
    expect(scopes.at(-1)).toBe('repository:team/app:pull');
  });
});

describe('an expired token that is not answered with 401', () => {
  /** Issues t1, t2, … of which only the newest is good; others are refused with `refuse`. */
  function rotating(refuse: RequestListener) {
    const state = { issued: 0, good: 1 };
    const answer: RequestListener = (request, response) => {
      const { url = '', headers } = request;
      const { authorization } = headers;
      if (url.startsWith('/token')) {
        state.issued += 1;
        sendJson(response, { token: `t${state.issued}`, expires_in: 3_600 });
      } else if (authorization === undefined) {
        demandToken(request, response, { realm: `http://${headers.host}/token` });
      } else if (authorization === `Bearer t${state.good}`) sendManifest(response);
      else refuse(request, response);
    };
    return { state, answer };
  }

  const expired =
    (status: number): RequestListener =>
    (_, response) =>
      sendJson(
        response,
        { errors: [{ code: 'DENIED', message: 'Your authorization token has expired.' }] },
        status,
      );

  it.each([
    [400, 'headManifest'],
    [403, 'headManifest'],
    [400, 'fetchManifest'],
    [403, 'fetchManifest'],
  ] as const)('is replaced once: %d, %s', async (status, ask) => {
    const { state, answer } = rotating(expired(status));
    await using registry = await openForTest(answer);
    const look = () => registry.client[ask](registry.target, 'latest', never);
    await look();
    state.good = 2;
    registry.requests.length = 0;
    expect((await look()).digest).toBe(MANIFEST_DIGEST);
    expect(authorizations(registry)).toEqual(['Bearer t1', undefined, 'Bearer t2']);
  });

  it('is not replaced a second time', async () => {
    const { state, answer } = rotating(expired(403));
    await using registry = await openForTest(answer);
    await registry.client.fetchManifest(registry.target, 'latest', never);
    state.good = 99;
    registry.requests.length = 0;
    await expect(
      registry.client.fetchManifest(registry.target, 'latest', never),
    ).rejects.toMatchObject({ code: 'Forbidden' });
    expect(authorizations(registry)).toEqual(['Bearer t1', undefined, 'Bearer t2']);
  });

  it('is none when it was made a moment ago, or the registry speaks of something else', async () => {
    const fresh = rotating(expired(403));
    fresh.state.good = 99;
    await using first = await openForTest(fresh.answer);
    await expect(first.client.headManifest(first.target, 'latest', never)).rejects.toThrow();
    expect(authorizations(first)).toEqual([undefined, undefined, 'Bearer t1']);

    const other = rotating((_, response) => sendJson(response, { message: 'no' }, 403));
    await using second = await openForTest(other.answer);
    await second.client.fetchManifest(second.target, 'latest', never);
    other.state.good = 99;
    second.requests.length = 0;
    await expect(second.client.fetchManifest(second.target, 'latest', never)).rejects.toThrow();
    expect(authorizations(second)).toEqual(['Bearer t1']);
  });
});
