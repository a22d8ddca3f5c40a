import { type AddressPolicy, openRegistryClient, PUBLIC_ONLY } from '@tagtrail/registry-client';
import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

/** Definitions may name registries of this network; nobody may lead there. */
const NAMED_ONLY: AddressPolicy = { named: 'any', isAllowed: () => false };
const ACCOUNT = { username: 'robot', password: 'secret-of-the-robot' };
const never = new AbortController().signal;

/** Spellings of places inside; PORT is where somebody listens, at every address of this machine. */
const PLACES = [
  ['dotted', '127.0.0.1:PORT'],
  ['another loopback address', '127.8.9.10:PORT'],
  ['decimal', '2130706433:PORT'],
  ['hexadecimal', '0x7f.1:PORT'],
  ['octal', '0177.0.0.01:PORT'],
  ['short', '127.1:PORT'],
  ['unspecified', '0.0.0.0:PORT'],
  ['IPv6 loopback', '[::1]:PORT'],
  ['IPv6 unspecified', '[::]:PORT'],
  ['v4-mapped', '[::ffff:127.0.0.1]:PORT'],
  ['v4-mapped in hexadecimal', '[::ffff:7f00:1]:PORT'],
  ['NAT64', '[64:ff9b::7f00:1]:PORT'],
  ['6to4', '[2002:7f00:1::1]:PORT'],
  ['a name', 'localhost:PORT'],
  ['a name in capitals', 'LOCALHOST:PORT'],
  ['dotted with its root', '127.0.0.1.:PORT'],
  ['10/8', '10.0.0.1:PORT'],
  ['172.16/12', '172.16.0.1:PORT'],
  ['192.168/16', '192.168.0.1:PORT'],
  ['CGNAT', '100.64.0.1:PORT'],
  ['unique local', '[fd00::1]:PORT'],
  ['multicast', '224.0.0.1:PORT'],
  ['metadata', '169.254.169.254'],
  ['metadata in decimal', '2852039166'],
  ['v4-mapped metadata', '[::ffff:169.254.169.254]'],
  ['IPv6 metadata', '[fd00:ec2::254]'],
  ['IPv6 link-local', '[fe80::1]:PORT'],
] as const;

/** The registry that definitions name, another one that it may lead to, and one that nobody may reach. */
let outside: RegistrySimulator;
let second: RegistrySimulator;
let inside: RegistrySimulator;

beforeAll(async () => {
  [outside, second, inside] = await Promise.all([
    openRegistrySimulator(),
    openRegistrySimulator(),
    // All addresses of this machine, of both families.
    openRegistrySimulator({ host: '::' }),
  ]);
  for (const registry of [outside, second, inside]) registry.push('shop/web', 'v1');
});

afterAll(async () => {
  for (const registry of [outside, second, inside]) await registry[Symbol.asyncDispose]();
});

beforeEach(() => {
  for (const registry of [outside, second, inside]) {
    registry.faults.clear();
    registry.clearRequests();
    registry.requireAuth('none');
  }
});

const portOf = ({ host }: RegistrySimulator) => host.slice(host.lastIndexOf(':') + 1);
const at = (place: string) => place.replace('PORT', portOf(inside));

function openClient(addresses: AddressPolicy) {
  return openRegistryClient({
    userAgent: 'tagtrail-test',
    // The worst case: there are credentials for whoever is asked.
    credentials: () => [ACCOUNT],
    allowPlaintextCredentials: [outside.host, second.host, inside.host],
    limits: { connectTimeout: 2_000 },
    addresses,
  });
}

const targetAt = (endpoint: string) => ({
  registry: endpoint,
  endpoint,
  repository: 'shop/web',
  insecure: true,
});

/** What comes of a look at the named registry that leads inside. */
async function lookOutside(addresses = NAMED_ONLY): Promise<unknown> {
  await using client = openClient(addresses);
  return await client
    .fetchManifest(targetAt(outside.host), 'v1', never)
    .catch((error: unknown) => error);
}

const REFUSED = {
  code: 'Forbidden',
  retryable: false,
  message: expect.stringMatching(/leads to a private address|link-local addresses are never/),
};
const MANIFEST = { route: 'manifest' } as const;
const redirectTo = (authority: string) => ({ redirect: `http://${authority}{path}` });

describe.each(PLACES)('nobody gets inside by %s (%s)', (_, place) => {
  it('who names it in a definition', async () => {
    await using client = openClient(PUBLIC_ONLY);
    const look = client.fetchManifest(targetAt(at(place)), 'v1', never);
    await expect(look).rejects.toMatchObject({
      message: expect.stringMatching(
        /leads to a private address|link-local addresses are never|not a valid registry host/,
      ),
    });
    expect(inside.requests).toEqual([]);
  });

  it('who redirects there', async () => {
    outside.faults.set(MANIFEST, redirectTo(at(place)));
    expect(await lookOutside()).toMatchObject(REFUSED);
    expect(outside.requests).toHaveLength(1);
    expect(inside.requests).toEqual([]);
  });

  it('who redirects to one that redirects there', async () => {
    outside.faults.set(MANIFEST, redirectTo(second.host));
    second.faults.set(MANIFEST, redirectTo(at(place)));
    const isAllowed = (authority: string) => authority === second.host;
    expect(await lookOutside({ named: 'any', isAllowed })).toMatchObject(REFUSED);
    expect(second.requests.map(({ authorization }) => authorization)).toEqual(['none']);
    expect(inside.requests).toEqual([]);
  });

  it('who sends for a token there', async () => {
    const realm = `Bearer realm="http://${at(place)}/token",service="inside"`;
    outside.faults.set(MANIFEST, { status: 401, headers: { 'WWW-Authenticate': realm } });
    expect(await lookOutside()).toMatchObject(REFUSED);
    expect(outside.requests.length).toBeGreaterThan(0);
    expect(inside.requests).toEqual([]);
  });

  it('who has the list of tags go on there', async () => {
    const link = `<http://${at(place)}/v2/shop/web/tags/list?last=v1>; rel="next"`;
    outside.faults.set({ route: 'tags' }, { headers: { Link: link } });
    await using client = openClient(NAMED_ONLY);
    await expect(client.listTags(targetAt(outside.host), never)).rejects.toMatchObject({
      message: expect.stringMatching(/leads to another host|is malformed/),
    });
    expect(outside.requests).toHaveLength(1);
    expect(inside.requests).toEqual([]);
  });
});

describe('a private address', () => {
  it('is refused with the same words, whether somebody listens there or not', async () => {
    const told = async (authority: string) => {
      outside.faults.set(MANIFEST, redirectTo(authority));
      const failure = await lookOutside();
      return failure instanceof Error ? failure.message.replace(authority, 'PLACE') : '';
    };
    const open = await told(at('127.0.0.1:PORT'));
    expect(await told('127.0.0.1:1')).toBe(open);
    expect(open).toBe(
      `${outside.host}/shop/web:v1: redirected to PLACE: it leads to a private address, which is not contacted; the operator can allow that with registries.privateRegistries`,
    );
  });

  it('is refused to whoever is led there over a connection that is open already', async () => {
    await using client = openClient(NAMED_ONLY);
    const named = at('127.0.0.1:PORT');
    await client.fetchManifest(targetAt(named), 'v1', never);
    inside.clearRequests();
    outside.faults.set(MANIFEST, redirectTo(named));
    const led = client.fetchManifest(targetAt(outside.host), 'v1', never);
    await expect(led).rejects.toMatchObject(REFUSED);
    expect(inside.requests).toEqual([]);
  });

  it('is reached by whoever is led there where the operator allows it, without credentials', async () => {
    const allowed = at('localhost:PORT');
    const policy = { named: 'any', isAllowed: (one: string) => one === allowed } as const;
    outside.faults.set(MANIFEST, redirectTo(allowed));
    expect(await lookOutside(policy)).toHaveProperty('digest', inside.pushes.at(-1)?.digest);
    const realm = `Bearer realm="http://${allowed}/token",service="inside"`;
    outside.faults.clear();
    outside.faults.set(MANIFEST, { status: 401, headers: { 'WWW-Authenticate': realm } });
    await lookOutside(policy);
    expect(inside.requests.length).toBeGreaterThan(1);
    expect(new Set(inside.requests.map(({ authorization }) => authorization))).toEqual(
      new Set(['none']),
    );
  });

  it('is no matter where a registry leads to itself', async () => {
    outside.requireAuth('bearer', ACCOUNT);
    expect(await lookOutside()).toHaveProperty('digest', outside.pushes.at(-1)?.digest);
    expect(outside.requests.map(({ route }) => route)).toContain('token');
  });
});
