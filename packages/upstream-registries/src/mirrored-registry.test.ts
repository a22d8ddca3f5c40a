import { openRegistryClient, type RegistryProbe } from '@tagtrail/registry-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  openRegistrySimulator,
  type RegistrySimulator,
} from '../../../packages/registry-simulator/src/index.ts';
import { EVERY_ADDRESS } from '../../registry-client/src/testing/every-address.ts';
import type { MirrorSetting } from './mirror-places.ts';
import { mirrorRegistry } from './mirrored-registry.ts';

const never = new AbortController().signal;
const MANIFEST = { route: 'manifest' } as const;
const ROBOT = { username: 'robot', password: 'of-the-mirror' };
const MINUTE = 60_000;

let source: RegistrySimulator;
let mirror: RegistrySimulator;
let other: RegistrySimulator;
let client: RegistryProbe;
const askedFor: string[] = [];

beforeAll(async () => {
  [source, mirror, other] = await Promise.all([
    openRegistrySimulator(),
    openRegistrySimulator(),
    openRegistrySimulator(),
  ]);
  client = openRegistryClient({
    userAgent: 'tagtrail-test',
    addresses: EVERY_ADDRESS,
    credentials: (registry) => {
      askedFor.push(registry);
      return registry === mirror.host ? [ROBOT] : [];
    },
    allowPlaintextCredentials: [mirror.host],
  });
});

afterAll(async () => {
  for (const part of [client, source, mirror, other]) await part[Symbol.asyncDispose]();
});

beforeEach(() => {
  askedFor.length = 0;
  for (const registry of [source, mirror, other]) {
    registry.faults.clear();
    registry.clearRequests();
    registry.requireAuth('none');
    registry.deleteTag('hub/shop/web', 'v1');
    registry.deleteTag('shop/web', 'v1');
  }
});

/** `shop/web` of the source, which is `hub/shop/web` at the mirrors. */
const target = () => ({
  registry: source.host,
  endpoint: source.host,
  repository: 'shop/web',
  insecure: true,
});
const location = (registry: RegistrySimulator, pull: 'all' | 'tag' | 'digest' = 'all') => ({
  location: `${registry.host}/hub`,
  pull,
  insecure: true,
});
const setting = (changes: Partial<MirrorSetting> = {}): MirrorSetting => ({
  prefix: source.host,
  locations: [location(mirror)],
  fallback: 'source',
  ...changes,
});
const open = (mirrors: readonly MirrorSetting[], now = () => 0) =>
  mirrorRegistry(client, { mirrors, now });

/** Who was asked since the last look, in a word each. */
function asked(): readonly string[] {
  const names = new Map(
    [source, mirror, other].map((one, at) => [one, ['source', 'mirror', 'other'][at]]),
  );
  const lines = [...names].flatMap(([{ requests }, name]) =>
    requests.map(({ method, route, status }) => `${name} ${method} ${route} ${status}`),
  );
  for (const registry of [source, mirror, other]) registry.clearRequests();
  return lines;
}

describe('a mirror', () => {
  it('answers in place of the source', async () => {
    const { digest } = mirror.push('hub/shop/web', 'v1');
    const mirrored = open([setting()]);
    const head = await mirrored.headManifest(target(), 'v1', never);
    expect(head.digest).toBe(digest);
    await mirrored.fetchManifest(target(), digest, never);
    expect(asked()).toEqual(['mirror HEAD manifest 200', 'mirror GET manifest 200']);
  });

  it('that names what it does not have is not asked for the tag at the next look', async () => {
    const { digest } = source.push('shop/web', 'v1');
    mirror.push('hub/shop/web', 'v1');
    mirror.faults.set({ ...MANIFEST, method: 'GET' }, { status: 404 });
    const mirrored = open([setting()]);
    const stale = await mirrored.headManifest(target(), 'v1', never);
    const look = mirrored.fetchManifest(target(), String(stale.digest), never);
    await expect(look).rejects.toMatchObject({ code: 'NotFound' });
    expect((await mirrored.headManifest(target(), 'v1', never)).digest).toBe(digest);
  });

  it('is shown its own credentials, and not those of the source', async () => {
    mirror.push('hub/shop/web', 'v1');
    mirror.requireAuth('basic', ROBOT);
    const { digest } = await open([setting()]).headManifest(target(), 'v1', never);
    expect(digest).toBe(mirror.pushes.at(-1)?.digest);
    expect(new Set(askedFor)).toEqual(new Set([mirror.host]));
  });

  it.each<[string, (registry: RegistrySimulator) => unknown]>([
    ['does not have it', () => undefined],
    ['refuses', ({ faults }) => faults.set(MANIFEST, { status: 403 })],
    [
      'wants to know who asks',
      (registry) => registry.requireAuth('basic', { ...ROBOT, password: 'x' }),
    ],
    ['is limited', ({ faults }) => faults.set(MANIFEST, { status: 429 })],
    ['is broken', ({ faults }) => faults.set(MANIFEST, { status: 503 })],
    ['hangs up', ({ faults }) => faults.set(MANIFEST, { reset: true })],
  ])('that %s leads to the next one, and to the source', async (_, spoil) => {
    const { digest } = source.push('shop/web', 'v1');
    spoil(mirror);
    spoil(other);
    const locations = [location(mirror), location(other)];
    const head = await open([setting({ locations })]).headManifest(target(), 'v1', never);
    expect(head.digest).toBe(digest);
    const hosts = asked().map((line) => line.split(' ')[0]);
    expect(new Set(hosts)).toEqual(new Set(['source', 'mirror', 'other']));
  });

  it('that is not there leads to the source, and is left alone for a minute', async () => {
    const { digest } = source.push('shop/web', 'v1');
    mirror.push('hub/shop/web', 'v1');
    mirror.faults.set({}, { reset: true });
    let now = 0;
    const mirrored = open([setting()], () => now);
    const look = async () => (await mirrored.headManifest(target(), 'v1', never)).digest;
    expect(await look()).toBe(digest);
    mirror.faults.clear();
    asked();
    expect(await look()).toBe(digest);
    expect(asked()).toEqual(['source HEAD manifest 200']);
    now = MINUTE;
    expect(await look()).toBe(mirror.pushes.at(-1)?.digest);
  });

  it('that serves something else than the digest names leads to the source', async () => {
    const { digest } = source.push('shop/web', 'v1');
    mirror.push('hub/shop/web', 'v1');
    mirror.faults.set(MANIFEST, { status: 200, body: '{"schemaVersion":2}' });
    const fetched = await open([setting()]).fetchManifest(target(), digest, never);
    expect(fetched.digest).toBe(digest);
    expect(asked()).toEqual(['source GET manifest 200', expect.stringContaining('mirror GET')]);
  });

  it('is not asked once the caller has given up', async () => {
    mirror.faults.set(MANIFEST, { hang: true });
    const stop = new AbortController();
    const look = open([setting()]).headManifest(target(), 'v1', stop.signal);
    await mirror.waitForRequest(({ method }) => method === 'HEAD');
    const reason = new Error('shutting down');
    stop.abort(reason);
    await expect(look).rejects.toBe(reason);
    expect(source.requests).toEqual([]);
  });
});

describe('what a mirror may answer', () => {
  it('is content by digest alone, where tags must come from the source', async () => {
    const { digest } = source.push('shop/web', 'v1');
    mirror.push('hub/shop/web', 'v1');
    const mirrored = open([setting({ locations: [location(mirror, 'digest')] })]);
    const head = await mirrored.headManifest(target(), 'v1', never);
    expect(head.digest).toBe(digest);
    expect(asked()).toEqual(['source HEAD manifest 200']);
    await mirrored.fetchManifest(target(), digest, never);
    expect(asked()).toEqual(['source GET manifest 200', 'mirror GET manifest 404']);
  });

  it('is tags alone, where content must come from the source', async () => {
    const { digest } = source.push('shop/web', 'v1');
    mirror.push('hub/shop/web', 'v1');
    const mirrored = open([setting({ locations: [location(mirror, 'tag')] })]);
    await mirrored.headManifest(target(), 'v1', never);
    expect(asked()).toEqual(['mirror HEAD manifest 200']);
    await mirrored.fetchManifest(target(), digest, never);
    expect(asked()).toEqual(['source GET manifest 200']);
  });

  it('is the list of tags, only where the source is never asked', async () => {
    source.push('shop/web', 'v1');
    mirror.push('hub/shop/web', 'mirrored');
    expect(await open([setting()]).listTags(target(), never)).toEqual(['v1']);
    const alone = open([setting({ fallback: 'never' })]);
    expect(await alone.listTags(target(), never)).toContain('mirrored');
    const page = await alone.firstTagPage(target(), never);
    expect(page.names).toContain('mirrored');
    mirror.deleteTag('hub/shop/web', 'mirrored');
  });

  it('is the end of it, where the source is never asked', async () => {
    source.push('shop/web', 'v1');
    const alone = open([setting({ fallback: 'never' })]);
    await expect(alone.headManifest(target(), 'v1', never)).rejects.toMatchObject({
      code: 'NotFound',
    });
    const digests = open([setting({ locations: [location(mirror, 'digest')], fallback: 'never' })]);
    await expect(digests.headManifest(target(), 'v1', never)).rejects.toThrow(
      `${source.host}/shop/web: nobody to ask for tags: registries.mirrors names none that may, and says never to ask the source`,
    );
    await expect(digests.listTags(target(), never)).rejects.toThrow('nobody to ask for lists');
    const tags = open([setting({ locations: [location(mirror, 'tag')], fallback: 'never' })]);
    const digest = source.pushes.at(-1)?.digest ?? '';
    await expect(tags.fetchManifest(target(), digest, never)).rejects.toThrow(
      'nobody to ask for content by digest',
    );
    expect(source.requests).toEqual([]);
  });
});

describe('the prefix of a mirror', () => {
  it('that is longest wins, and ends where a name ends', async () => {
    source.push('shop/web', 'v1');
    other.push('hub/web', 'v1');
    const mirrors = [
      setting({ locations: [location(mirror)] }),
      setting({ prefix: `${source.host}/shop`, locations: [location(other)] }),
      setting({ prefix: `${source.host}/sho`, locations: [location(mirror)] }),
    ];
    const head = await open(mirrors).headManifest(target(), 'v1', never);
    expect(head.digest).toBe(other.pushes.at(-1)?.digest);
    expect(asked()).toEqual(['other HEAD manifest 200']);
  });

  it('leaves other registries alone', async () => {
    source.push('shop/web', 'v1');
    await open([setting({ prefix: 'quay.io' })]).headManifest(target(), 'v1', never);
    expect(asked()).toEqual(['source HEAD manifest 200']);
  });

  it('knows Docker Hub by all its names', async () => {
    const { digest } = mirror.push('hub/library/redis', '7');
    const hub = {
      registry: 'docker.io',
      endpoint: 'registry-1.docker.io',
      repository: 'library/redis',
      insecure: false,
    };
    const mirrored = open([setting({ prefix: 'index.docker.io' })]);
    expect((await mirrored.headManifest(hub, '7', never)).digest).toBe(digest);
  });

  it('does not matter for a ping', async () => {
    await open([setting()]).ping(target(), never);
    expect(asked()).toEqual(['source GET ping 200']);
  });
});
