import type { RequestListener, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Credential } from './authorization/credential.ts';
import type { AskedCoolDown, CoolDowns } from './cool-down.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { openForTest } from './testing/open-for-test.ts';
import { demandToken, sendManifest, sendStatus } from './testing/scripted-registry.ts';
import { openScriptedServer } from './testing/scripted-server.ts';

const { signal: never } = new AbortController();
const NOW = Date.UTC(2026, 10, 23, 8);
const UNSAID = 30_000;

/** Cool-downs of one process, without a store behind them. */
class KeptCoolDowns implements CoolDowns {
  readonly begun: { registry: string; asked: AskedCoolDown }[] = [];
  readonly ends = new Map<string, number>();
  of(registry: string) {
    const until = this.ends.get(registry);
    return until === undefined ? undefined : { until, reason: 'it answered 429 Too Many Requests' };
  }
  begin(registry: string, asked: AskedCoolDown) {
    this.begun.push({ registry, asked });
    this.ends.set(registry, NOW + (asked.retryAfter ?? UNSAID));
  }
}

function open(answer: RequestListener, options: Parameters<typeof openForTest>[1] = {}) {
  const coolDowns = new KeptCoolDowns();
  return openForTest(answer, { coolDowns, now: () => NOW, ...options }).then((opened) => ({
    ...opened,
    coolDowns,
  }));
}

const tooMany =
  (headers = {}): RequestListener =>
  (_, response) =>
    sendStatus(response, 429, headers);

describe('a registry that asks to be left alone', () => {
  it('is: the look that heard it fails, the next one sends nothing', async () => {
    await using registry = await open(tooMany({ 'retry-after': '600' }));
    const { client, target, coolDowns } = registry;
    await expect(client.headManifest(target, 'v1', never)).rejects.toMatchObject({
      code: 'TooManyRequests',
      retryAfter: 600_000,
    });
    await expect(client.listTags(target, never)).rejects.toMatchObject({
      code: 'CoolDown',
      retryable: true,
      retryAfter: 600_000,
      message: `${registry.host}/team/app: list of tags: not asked, because ${registry.host} is left alone until 2026-11-23T08:10:00.000Z: it answered 429 Too Many Requests`,
    });
    expect(registry.requests).toHaveLength(1);
    expect(coolDowns.begun).toEqual([
      {
        registry: registry.host,
        asked: { reason: 'it answered 429 Too Many Requests', retryAfter: 600_000 },
      },
    ]);
  });

  it('is told for how long when it did not say so itself', async () => {
    await using registry = await open(tooMany());
    await expect(registry.client.headManifest(registry.target, 'v1', never)).rejects.toMatchObject({
      code: 'TooManyRequests',
      retryAfter: UNSAID,
    });
    expect(registry.coolDowns.begun).toHaveLength(1);
  });

  it('counts with 503 only when it says for how long', async () => {
    const headers = [{}, { 'retry-after': '5' }];
    await using registry = await open((_, response) =>
      sendStatus(response, 503, headers.shift() ?? {}),
    );
    const look = () => registry.client.headManifest(registry.target, 'v1', never);
    await expect(look()).rejects.toMatchObject({ code: 'RegistryError', status: 503 });
    expect(registry.coolDowns.begun).toEqual([]);
    await expect(look()).rejects.toMatchObject({ code: 'RegistryError', retryAfter: 5_000 });
    expect(registry.coolDowns.begun).toMatchObject([
      { asked: { reason: 'it answered 503 Service Unavailable', retryAfter: 5_000 } },
    ]);
    await expect(look()).rejects.toMatchObject({ code: 'CoolDown' });
  });

  it('keeps back what waits for a connection', async () => {
    const held: ServerResponse[] = [];
    const arrived = Promise.withResolvers<void>();
    await using registry = await open(
      (_, response) => {
        held.push(response);
        arrived.resolve();
      },
      { limits: { ...DEFAULT_LIMITS, socketsPerHost: 1 } },
    );
    const looks = ['v1', 'v2', 'v3'].map((tag) =>
      registry.client.headManifest(registry.target, tag, never).catch((error) => error.code),
    );
    await arrived.promise;
    for (const response of held) sendStatus(response, 429, { 'retry-after': '600' });
    expect(await Promise.all(looks)).toEqual(['TooManyRequests', 'CoolDown', 'CoolDown']);
    expect(registry.requests).toHaveLength(1);
  });

  it('speaks through its token service, too', async () => {
    await using registry = await open((request, response) => {
      if (request.url?.startsWith('/token')) return sendStatus(response, 429);
      return demandToken(request, response, { realm: `http://${request.headers.host}/token` });
    });
    const look = () => registry.client.headManifest(registry.target, 'v1', never);
    await expect(look()).rejects.toMatchObject({ code: 'TooManyRequests', retryAfter: UNSAID });
    await expect(look()).rejects.toMatchObject({ code: 'CoolDown' });
    registry.coolDowns.ends.clear();
    await expect(look()).rejects.toMatchObject({ code: 'TooManyRequests' });
    expect(registry.lines().map((line) => line.split('?')[0])).toEqual([
      'HEAD /v2/team/app/manifests/v1',
      'GET /token',
      // What it demands is not asked again: it is known.
      'GET /token',
    ]);
  });
});

describe('a host that a registry redirects to', () => {
  it('cools nobody down, and is asked whatever its registry wants', async () => {
    await using store = await openScriptedServer(tooMany({ 'retry-after': '600' }));
    await using registry = await open((_, response) =>
      sendStatus(response, 307, { location: `${store.url}/blob` }),
    );
    const look = registry.client.headManifest(registry.target, 'v1', never);
    await expect(look).rejects.toMatchObject({ code: 'TooManyRequests' });
    expect(registry.coolDowns.begun).toEqual([]);
  });
});

describe('without cool-downs', () => {
  it('what a registry asks for is told in the error alone', async () => {
    let requests = 0;
    await using registry = await openForTest((_, response) => {
      requests += 1;
      if (requests === 1) return sendStatus(response, 429, { 'retry-after': '600' });
      return sendManifest(response);
    });
    const look = () => registry.client.headManifest(registry.target, 'v1', never);
    await expect(look()).rejects.toMatchObject({ retryAfter: 600_000 });
    await expect(look()).resolves.toBeDefined();
  });
});

describe('what a registry asks of a credential of one namespace', () => {
  const basic = ({ username, password }: Credential) =>
    `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const poor: Credential = { username: 'poor', password: 'x', ofNamespace: true };
  const rich: Credential = { username: 'rich', password: 'y', ofNamespace: true };
  const limited: RequestListener = (request, response) => {
    const { authorization } = request.headers;
    if (authorization === basic(rich)) sendManifest(response);
    else if (authorization === basic(poor)) sendStatus(response, 429, { 'retry-after': '600' });
    else sendStatus(response, 401, { 'www-authenticate': 'Basic realm="r"' });
  };

  it('counts for that credential alone', async () => {
    await using registry = await open(limited, { plaintext: true });
    const look = (credential: Credential) =>
      registry.client.headManifest(
        { ...registry.target, credentials: () => [credential] },
        'latest',
        never,
      );
    await expect(look(poor)).rejects.toMatchObject({ code: 'TooManyRequests' });
    expect(registry.coolDowns.begun).toEqual([]);
    const before = registry.requests.length;
    await expect(look(poor)).rejects.toMatchObject({ code: 'CoolDown', retryAfter: 600_000 });
    expect(registry.requests.length).toBe(before);
    await look(rich);
  });

  it('is for half a minute where the registry does not say, and for an hour at most', async () => {
    await using registry = await open(tooManyFor(basic(poor)), { plaintext: true });
    const target = { ...registry.target, credentials: () => [poor] };
    const look = () => registry.client.headManifest(target, 'latest', never);
    await expect(look()).rejects.toMatchObject({ code: 'TooManyRequests' });
    await expect(look()).rejects.toThrow('it asked that of this credential');
    await expect(look()).rejects.toMatchObject({ retryAfter: 30_000 });
  });
});

function tooManyFor(authorization: string): RequestListener {
  return (request, response) =>
    request.headers.authorization === authorization
      ? sendStatus(response, 429)
      : sendStatus(response, 401, { 'www-authenticate': 'Basic realm="r"' });
}
