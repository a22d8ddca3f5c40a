import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RegistrySimulator } from '../registry-simulator.ts';
import { openRegistrySimulator } from '../registry-simulator.ts';

const account = { username: 'anna', password: 'pass:word' };
const manifest = '/v2/shop/web/manifests/v1';

let now: number;
let simulator: RegistrySimulator;

beforeEach(async () => {
  now = Date.parse('2026-01-01T00:00:00Z');
  simulator = await openRegistrySimulator({ now: () => now });
  simulator.push('shop/web', 'v1');
});

afterEach(async () => {
  await simulator[Symbol.asyncDispose]();
});

function fetchAs(authorization: string | undefined, path: string): Promise<Response> {
  const headers = authorization === undefined ? {} : { Authorization: authorization };
  return fetch(`${simulator.url}${path}`, { headers });
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

async function readToken(query: string, authorization?: string) {
  const response = await fetchAs(authorization, `/token?${query}`);
  expect(response.status).toBe(200);
  return JSON.parse(await response.text());
}

async function tokenFor(...repositories: string[]): Promise<string> {
  const scopes = repositories.map((name) => `scope=repository:${name}:pull`);
  const { token } = await readToken(scopes.join('&'));
  return `Bearer ${token}`;
}

describe('without authentication', () => {
  it('lets everybody read and has no token endpoint', async () => {
    expect((await fetchAs(undefined, manifest)).status).toBe(200);
    expect((await fetchAs(undefined, '/token')).status).toBe(404);
  });
});

describe('basic authentication', () => {
  beforeEach(() => simulator.requireAuth('basic', account));

  it('asks for an account on every path, the ping included', async () => {
    for (const path of ['/v2/', manifest, '/v2/shop/web/tags/list']) {
      const response = await fetchAs(undefined, path);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Basic realm="registry-simulator"');
      expect(await response.json()).toMatchObject({ errors: [{ code: 'UNAUTHORIZED' }] });
    }
  });

  it('lets the account in, and nobody else', async () => {
    expect((await fetchAs(basic('anna', 'pass:word'), manifest)).status).toBe(200);
    expect((await fetchAs(basic('anna', 'wrong'), manifest)).status).toBe(401);
    expect((await fetchAs('Bearer anna', manifest)).status).toBe(401);
  });

  it('lets any account in when none is named', async () => {
    simulator.requireAuth('basic');
    expect((await fetchAs(basic('bert', 'x'), manifest)).status).toBe(200);
    expect((await fetchAs(undefined, manifest)).status).toBe(401);
  });

  it('ends when it is no longer required', async () => {
    simulator.requireAuth('none');
    expect((await fetchAs(undefined, manifest)).status).toBe(200);
  });
});

describe('bearer authentication', () => {
  beforeEach(() => simulator.requireAuth('bearer'));

  it('sends clients to its own token endpoint with the scope of the repository', async () => {
    const response = await fetchAs(undefined, manifest);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer realm="${simulator.url}/token",service="${simulator.host}",scope="repository:shop/web:pull"`,
    );
    const ping = await fetchAs(undefined, '/v2/');
    expect(ping.headers.get('www-authenticate')).not.toContain('scope');
  });

  it('names the realm by the host that the client used', async () => {
    const port = simulator.host.split(':')[1];
    const response = await fetch(`http://localhost:${port}/v2/`);
    const challenge = response.headers.get('www-authenticate');
    expect(challenge).toContain(`realm="http://localhost:${port}/token"`);
  });

  it('lets a token read its own repository and the ping', async () => {
    const token = await tokenFor('shop/web');
    expect((await fetchAs(token, manifest)).status).toBe(200);
    expect((await fetchAs(token, '/v2/')).status).toBe(200);
  });

  it('refuses a token of another repository', async () => {
    const response = await fetchAs(await tokenFor('shop/api'), manifest);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
  });

  it('gives one token for several repositories, asked for in either way', async () => {
    simulator.push('shop/api', 'v1');
    const { token } = await readToken('scope=repository:a:pull%20repository:shop/api:pull,push');
    for (const authorization of [await tokenFor('shop/web', 'shop/api'), `Bearer ${token}`])
      expect((await fetchAs(authorization, '/v2/shop/api/manifests/v1')).status).toBe(200);
  });

  it('refuses a token when it has expired', async () => {
    simulator.requireAuth('bearer', { expiresIn: 60 });
    const token = await tokenFor('shop/web');
    now += 59_999;
    expect((await fetchAs(token, manifest)).status).toBe(200);
    now += 1;
    const response = await fetchAs(token, manifest);
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('refuses tokens from before the terms changed', async () => {
    const token = await tokenFor('shop/web');
    simulator.requireAuth('bearer');
    expect((await fetchAs(token, manifest)).status).toBe(401);
  });

  it('says how long a token lives, unless told to keep quiet', async () => {
    simulator.requireAuth('bearer', { expiresIn: 60 });
    const reply = await readToken('scope=repository:shop/web:pull');
    expect(reply).toEqual({
      token: reply.access_token,
      access_token: reply.token,
      expires_in: 60,
      issued_at: '2026-01-01T00:00:00.000Z',
    });
    simulator.requireAuth('bearer', { announceExpiry: false });
    expect(Object.keys(await readToken(''))).toEqual(['token', 'access_token']);
  });

  it('gives opaque tokens, or JWTs that tell what they are for and how long', async () => {
    expect((await readToken('')).token).not.toContain('.');
    simulator.requireAuth('bearer', { tokens: 'jwt', expiresIn: 60 });
    const { token } = await readToken('scope=repository:shop/web:pull');
    const [, claims, ...rest] = token.split('.');
    expect(rest).toHaveLength(1);
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      iat: now / 1000,
      exp: now / 1000 + 60,
      access: [{ type: 'repository', name: 'shop/web', actions: ['pull'] }],
    });
    expect((await fetchAs(`Bearer ${token}`, manifest)).status).toBe(200);
  });

  it('gives tokens to the account alone when there is one', async () => {
    simulator.requireAuth('bearer', account);
    const query = 'scope=repository:shop/web:pull';
    for (const authorization of [undefined, basic('anna', 'wrong')])
      expect((await fetchAs(authorization, `/token?${query}`)).status).toBe(401);
    const { token } = await readToken(query, basic('anna', 'pass:word'));
    expect((await fetchAs(`Bearer ${token}`, manifest)).status).toBe(200);
  });

  it('counts token requests in the log', async () => {
    await tokenFor('shop/web');
    const [logged] = simulator.requests.filter(({ route }) => route === 'token');
    const query = 'scope=repository:shop/web:pull';
    expect(logged).toMatchObject({ path: '/token', query, status: 200 });
  });

  it('repeats nothing of a path that a header cannot hold', async () => {
    simulator.requireAuth('bearer');
    const response = await fetchAs(undefined, '/v2/a%0D%0Ab%22/manifests/v1');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('scope="repository:ab:pull"');
  });

  it('gives no tokens by POST', async () => {
    const response = await fetch(`${simulator.url}/token`, { method: 'POST', body: 'a=b' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
  });
});
