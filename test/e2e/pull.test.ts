import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestsOf } from './definitions.ts';
import { eventually } from './installation.ts';
import { openPulling, type Pulling, startRegistry } from './pulling.ts';

/** ms for what another process has to notice. */
const LIMIT = 15_000;

let pulling: Pulling;
beforeAll(async () => {
  pulling = await openPulling({ TAGTRAIL_REGISTRY_ANONYMOUS_NAMESPACES: 'open' });
});
afterAll(async () => pulling?.[Symbol.asyncDispose]());

const bodyOf = async (reply: Response) => Buffer.from(await reply.arrayBuffer());
const sha256 = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const anonymous = { headers: { authorization: '' } };

interface Manifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string; readonly size: number }[];
}

async function manifestOf(name: string, reference: string): Promise<Manifest> {
  const reply = await pulling.registry.get(`/v2/${name}/manifests/${reference}`);
  expect(reply.status).toBe(200);
  return (await reply.json()) as Manifest;
}

async function errorOf(reply: Response): Promise<string> {
  const { errors } = (await reply.json()) as { errors: readonly { code: string }[] };
  return `${reply.status} ${errors[0]?.code}`;
}

describe('a pull by tag', () => {
  it('gives what the record says, byte for byte, and asks upstream once for each blob', async () => {
    const { simulator, registry, follow } = pulling;
    const push = simulator.push('shop/web', 'latest');
    await follow('web', { latest: 'shop/web:latest' });
    simulator.clearRequests();
    const reply = await registry.get('/v2/demo/web/manifests/latest');
    expect(reply.headers.get('docker-content-digest')).toBe(push.digest);
    expect(sha256(await bodyOf(reply))).toBe(push.digest);
    const { config, layers } = await manifestOf('demo/web', 'latest');
    for (let times = 0; times < 2; times += 1) {
      for (const { digest } of [config, ...layers]) {
        const blob = await registry.get(`/v2/demo/web/blobs/${digest}`);
        expect(sha256(await bodyOf(blob))).toBe(digest);
      }
    }
    const asked = simulator.requests.map(({ path }) => path.split('/').at(-1));
    expect(asked.sort()).toEqual(layers.map(({ digest }) => digest).sort());
  });

  it('never asks upstream what a tag means, and follows the record when it moves', async () => {
    const { simulator, registry, follow } = pulling;
    const first = simulator.push('shop/moved', 'latest');
    await follow(
      'moved',
      { latest: 'shop/moved:latest' },
      { annotations: { 'tagtrail.dev/schedule': '1s' } },
    );
    const head = async () =>
      (await registry.get('/v2/demo/moved/manifests/latest', { method: 'HEAD' })).headers.get(
        'docker-content-digest',
      );
    expect(await head()).toBe(first.digest);
    const second = simulator.push('shop/moved', 'latest');
    await eventually(async () => (await head()) === second.digest || undefined, LIMIT);
    const old = await registry.get(`/v2/demo/moved/manifests/${first.digest}`);
    expect(sha256(await bodyOf(old))).toBe(first.digest);
  });

  it('has every platform of an index, whatever the record was asked for', async () => {
    const { simulator, registry, follow } = pulling;
    const push = simulator.push('shop/multi', 'latest', {
      platforms: ['linux/amd64', 'linux/arm64'],
    });
    await follow('multi', { latest: 'shop/multi:latest' });
    for (const child of push.children ?? []) {
      const reply = await registry.get(`/v2/demo/multi/manifests/${child.digest}`);
      expect(sha256(await bodyOf(reply))).toBe(child.digest);
      const { layers } = await manifestOf('demo/multi', child.digest);
      const blob = await registry.get(`/v2/demo/multi/blobs/${layers[0]?.digest}`);
      expect(blob.status).toBe(200);
    }
  });
});

describe('when upstream is away', () => {
  it('serves what was pulled before, also after a restart, and says for the rest that it will be back', async () => {
    const { simulator, registry, follow, tagtrail } = pulling;
    simulator.push('shop/kept', 'latest');
    await follow('kept', { latest: 'shop/kept:latest' });
    const { layers } = await manifestOf('demo/kept', 'latest');
    const [pulled = '', missed = ''] = layers.map(({ digest }) => digest);
    await bodyOf(await registry.get(`/v2/demo/kept/blobs/${pulled}`));
    await eventually(
      async () =>
        existsSync(join(registry.folder, 'blobs', 'sha256', pulled.slice(7, 9), pulled.slice(7))) ||
        undefined,
      LIMIT,
    );
    simulator.faults.set({}, { status: 503 });
    const restarted = await startRegistry(tagtrail, registry.folder);
    const again = await restarted.get(`/v2/demo/kept/blobs/${pulled}`);
    expect(again.headers.get('tagtrail-source')).toBe('copy');
    expect(sha256(await bodyOf(again))).toBe(pulled);
    const reply = await restarted.get(`/v2/demo/kept/blobs/${missed}`);
    expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await errorOf(reply)).toBe('502 UNAVAILABLE');
    simulator.faults.clear();
    await restarted.app.stop();
  });
});

describe('a tag whose last look failed', () => {
  it('is served as it was recorded, with a warning that says why', async () => {
    const { simulator, registry, follow } = pulling;
    const push = simulator.push('shop/gone', 'latest');
    const annotations = { 'tagtrail.dev/schedule': '1s' };
    await follow('gone', { latest: 'shop/gone:latest' }, { annotations });
    simulator.deleteTag('shop/gone', 'latest');
    const warned = await eventually(async () => {
      const reply = await registry.get('/v2/demo/gone/manifests/latest');
      return reply.headers.has('warning') ? reply : undefined;
    }, LIMIT);
    expect(warned.headers.get('warning')).toMatch(
      /^299 - "last known good: .*shop\/gone:latest.*"$/,
    );
    expect(sha256(await bodyOf(warned))).toBe(push.digest);
    const byDigest = await registry.get(`/v2/demo/gone/manifests/${push.digest}`);
    expect(byDigest.headers.has('warning')).toBe(false);
  });
});

describe('who may pull', () => {
  it('is whoever has a token, and everybody where the setting says so', async () => {
    const { simulator, registry, follow } = pulling;
    simulator.push('shop/free', 'latest');
    await follow('free', { latest: 'shop/free:latest' }, { namespace: 'open' });
    expect((await registry.get('/v2/open/free/manifests/latest', anonymous)).status).toBe(200);
    const refused = await registry.get('/v2/demo/web/manifests/latest', anonymous);
    expect(refused.headers.get('www-authenticate')).toBe(
      `Bearer realm="${registry.url}/token",service="tagtrail",scope="repository:demo/web:pull"`,
    );
    expect(await errorOf(refused)).toBe('401 UNAUTHORIZED');
    expect(await errorOf(await registry.get('/v2/', anonymous))).toBe('401 UNAUTHORIZED');
  });

  it('gets a token for what was asked for, by Basic or by a form', async () => {
    const { registry, tagtrail } = pulling;
    const scope = 'repository:demo/web:pull,push';
    const basic = `Basic ${Buffer.from(`tagtrail:${tagtrail.token}`).toString('base64')}`;
    const query = new URLSearchParams({ service: 'tagtrail', scope });
    const byBasic = await registry.get(`/token?${query}`, { headers: { authorization: basic } });
    const form = new URLSearchParams({
      grant_type: 'password',
      username: 'x',
      password: tagtrail.token,
      scope,
    });
    const byForm = await registry.get('/token', { method: 'POST', body: form, ...anonymous });
    for (const reply of [byBasic, byForm]) {
      const { token } = (await reply.json()) as { token: string };
      const headers = { authorization: `Bearer ${token}` };
      expect((await registry.get('/v2/demo/web/manifests/latest', { headers })).status).toBe(200);
      const other = await registry.get('/v2/demo/kept/manifests/latest', { headers });
      expect(await errorOf(other)).toBe('401 UNAUTHORIZED');
      const another = await registry.get(`/token?${query}`, { headers });
      expect(await errorOf(another)).toBe('401 UNAUTHORIZED');
      const storage = await registry.get('/tagtrail/v1/storage', { headers });
      expect(await errorOf(storage)).toBe('401 UNAUTHORIZED');
    }
  });

  it('is nobody with a wrong token', async () => {
    const headers = { authorization: `Basic ${Buffer.from('tagtrail:wrong').toString('base64')}` };
    for (const path of ['/v2/', '/token', '/v2/open/free/manifests/latest']) {
      expect(await errorOf(await pulling.registry.get(path, { headers }))).toBe('401 UNAUTHORIZED');
    }
  });
});

describe('what belongs to another stream', () => {
  it('is not there, though the registry has a copy of it', async () => {
    const { simulator, registry, follow } = pulling;
    simulator.push('shop/mine', 'latest');
    simulator.push('shop/theirs', 'latest');
    const stream = await follow('mine', { latest: 'shop/mine:latest' });
    await follow('theirs', { latest: 'shop/theirs:latest' });
    const image = digestsOf(stream, 'latest')[0] ?? '';
    const others = (await manifestOf('demo/theirs', 'latest')).layers.map(({ digest }) => digest);
    const { layers } = await manifestOf('demo/mine', 'latest');
    const layer = layers.find(({ digest }) => !others.includes(digest))?.digest ?? '';
    expect(
      (await bodyOf(await registry.get(`/v2/demo/mine/blobs/${layer}`))).length,
    ).toBeGreaterThan(0);
    for (const path of [`manifests/${image}`, `blobs/${layer}`]) {
      for (const method of ['GET', 'HEAD']) {
        const reply = await registry.get(`/v2/demo/theirs/${path}`, { method });
        expect(reply.status).toBe(404);
      }
    }
  });
});
