import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { openServingCertificate } from '@tagtrail/serving-certificate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definition } from './definitions.ts';
import { openPulling, type Pulling, startRegistry } from './pulling.ts';
import { machineAddress } from './registry-programs.ts';

const D = `sha256:${'a'.repeat(64)}`;

let pulling: Pulling;
beforeAll(async () => {
  pulling = await openPulling({ TAGTRAIL_REGISTRY_ANONYMOUS_NAMESPACES: 'open' });
  const { simulator, follow, tagtrail } = pulling;
  simulator.push('shop/web', 'latest');
  await follow('web', { latest: 'shop/web:latest' });
  await tagtrail.client.streams.create(
    definition('failing', { latest: `${simulator.host}/shop/none:latest` }),
  );
});
afterAll(async () => pulling?.[Symbol.asyncDispose]());

/** `404 NAME_UNKNOWN message`. */
async function told(path: string, init?: RequestInit): Promise<string> {
  const reply = await pulling.registry.get(path, init);
  const { errors } = (await reply.json()) as {
    errors: readonly { code: string; message: string }[];
  };
  return `${reply.status} ${errors[0]?.code} ${errors[0]?.message}`;
}

const nobody = { headers: { authorization: '' } };

describe('what a client is told', () => {
  it.each([
    ['/v2/_catalog', '404 UNSUPPORTED repositories are not listed here: `tagtrail get is` does'],
    ['/v2/demo/none/tags/list', '404 NAME_UNKNOWN there is no image stream demo/none'],
    ['/', '404 UNSUPPORTED there is nothing here'],
    [
      '/v2/app/tags/list',
      '404 NAME_UNKNOWN repository app: repositories here are called namespace/stream',
    ],
    ['/v2/demo/web/manifests/-x', '404 MANIFEST_UNKNOWN not the name of a tag: "-x"'],
    [
      '/v2/demo/web/blobs/sha256:x',
      '400 DIGEST_INVALID "sha256:x": a digest is sha256 or sha512, a colon, and lower-case hex digits',
    ],
    ['/v2/UP/web/tags/list', '400 NAME_INVALID not the name of a repository: "UP/web"'],
    [
      '/v2/demo/web/manifests/none',
      '404 MANIFEST_UNKNOWN demo/web:none: the stream has no such tag',
    ],
    [
      `/v2/demo/web/manifests/${D}`,
      `404 MANIFEST_UNKNOWN demo/web@${D}: no tag of this stream was ever at it, nor at an image that it is part of`,
    ],
    [`/v2/demo/web/blobs/${D}`, `404 BLOB_UNKNOWN demo/web: no image of this stream has blob ${D}`],
    [
      '/v2/demo/web/tags/list?n=x',
      '400 PAGINATION_NUMBER_INVALID n is a number of tags, 0 or more',
    ],
  ])('for %s', async (path, words) => {
    expect(await told(path)).toBe(words);
  });

  it('for a push', async () => {
    const words =
      '405 UNSUPPORTED PUT is not allowed: this registry is for pulling; `tagtrail` and `oc` change what it serves';
    expect(await told('/v2/demo/web/manifests/latest', { method: 'PUT', body: '{}' })).toBe(words);
    const other = await pulling.registry.get('/token', { method: 'PATCH' });
    expect(other.headers.get('allow')).toBe('GET, HEAD, POST');
  });

  it('for a tag that nothing was imported for', async () => {
    const path = '/v2/demo/failing/manifests/latest';
    const early = '404 MANIFEST_UNKNOWN demo/failing:latest: nothing was imported yet';
    expect(await told(path)).toContain(early);
    await expect.poll(() => told(path), { timeout: 20_000 }).toContain(`${early}: `);
  });

  it('for a range that there is not', async () => {
    const manifest = await (await pulling.registry.get('/v2/demo/web/manifests/latest')).json();
    const [layer] = (manifest as { layers: { digest: string; size: number }[] }).layers;
    const headers = { range: 'bytes=9000-' };
    const path = `/v2/demo/web/blobs/${layer?.digest}`;
    expect(await told(path, { headers })).toBe(
      `416 RANGE_INVALID blob ${layer?.digest} has ${layer?.size} bytes, and none in the range that was asked for`,
    );
  });

  it('in a header, where there is no body', async () => {
    const reply = await pulling.registry.get('/v2/demo/none/manifests/latest', { method: 'HEAD' });
    expect(reply.headers.get('warning')).toBe('299 - "there is no image stream demo/none"');
  });
});

describe('who asks', () => {
  it.each([
    ['/v2/', nobody, '401 UNAUTHORIZED log in with an access token'],
    ['/tagtrail/v1/storage', nobody, '401 UNAUTHORIZED log in with an access token'],
    [
      '/v2/demo/web/tags/list',
      nobody,
      '401 UNAUTHORIZED demo/web: log in with an access token that may view namespace demo',
    ],
    [
      '/v2/',
      { headers: { authorization: 'Digest x' } },
      '401 UNAUTHORIZED Basic and Bearer are what this registry takes',
    ],
    [
      '/v2/',
      { headers: { authorization: 'Bearer x' } },
      '401 UNAUTHORIZED no such access token, or it is over',
    ],
  ])('%s is told how to come in', async (path, init, words) => {
    expect(await told(path, init)).toBe(words);
  });

  it('with a token for another namespace is told which it is for, and so is who has not the role', async () => {
    const { client } = pulling.tagtrail;
    const made = await client.accessTokens.create({
      name: 'ci',
      grants: [{ role: 'view', namespace: 'open' }],
    });
    const headers = { authorization: `Bearer ${made.status.token}` };
    expect(await told('/v2/demo/web/tags/list', { headers })).toBe(
      '403 DENIED demo/web: token "ci" may not view namespace demo',
    );
    expect(await told('/tagtrail/v1/storage', { headers })).toBe(
      '403 DENIED token "ci" has not the role view everywhere',
    );
    const scope = 'repository:open/x:pull';
    const reply = await pulling.registry.get(`/token?scope=${scope}`, { headers });
    const { token } = (await reply.json()) as { token: string };
    await client.accessTokens.revoke('ci');
    const revoked = '401 UNAUTHORIZED the access token behind this token was revoked, or is over';
    const again = { headers: { authorization: `Bearer ${token}` } };
    await expect.poll(() => told('/v2/', again), { timeout: 15_000 }).toBe(revoked);
  });

  it('asks for a token in a way that is known', async () => {
    const form = (body: string) => ({ ...nobody, method: 'POST', body: new URLSearchParams(body) });
    expect(await told('/token', form('grant_type=refresh_token'))).toBe(
      '405 UNSUPPORTED grant_type password is the one that this registry knows',
    );
    expect(await told('/token', form(`x=${'x'.repeat(40_000)}`))).toBe(
      '413 DENIED a form of at most 32768 bytes, please',
    );
    const held = (await (await pulling.registry.get('/token')).json()) as { token: string };
    expect(await told('/token', { headers: { authorization: `Bearer ${held.token}` } })).toBe(
      '401 UNAUTHORIZED a token is given for an access token, not for another token',
    );
    const wrong = await pulling.registry.get('/token', form('grant_type=password&password=x'));
    expect(wrong.headers.get('www-authenticate')).toBe('Basic realm="tagtrail"');
  });
});

it('what may be kept, and for how long, is said', async () => {
  const { registry } = pulling;
  const cacheOf = async (path: string) => (await registry.get(path)).headers.get('cache-control');
  const tagged = await registry.get('/v2/demo/web/manifests/latest');
  const digest = tagged.headers.get('docker-content-digest');
  expect(tagged.headers.get('cache-control')).toBe('private, no-cache');
  expect(await cacheOf(`/v2/demo/web/manifests/${digest}`)).toBe(
    'private, max-age=31536000, immutable',
  );
  expect(await cacheOf('/v2/demo/web/tags/list')).toBe('private, no-cache');
  expect(await cacheOf(`/v2/demo/web/referrers/${digest}`)).toBe('private, no-cache');
});

it('what is no HTTP is refused', async () => {
  const socket = connect(Number(new URL(pulling.registry.url).port), '127.0.0.1');
  let said = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  socket.write('GET / HTTP/1.1\r\nHost: a b\r\n\u0001\r\n\r\n');
  await once(socket, 'close');
  expect(said).toBe('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
});

it('another machine is not answered in clear where there is a certificate', async () => {
  const { tagtrail, registry } = pulling;
  const made = await openServingCertificate({
    folder: join(registry.folder, 'tls'),
    hosts: ['localhost'],
  });
  const open = await startRegistry(tagtrail, registry.folder, {
    TAGTRAIL_REGISTRY_HOST: '0.0.0.0',
    TAGTRAIL_REGISTRY_CERTIFICATE_FILE: made.certificateFile,
    TAGTRAIL_REGISTRY_KEY_FILE: made.keyFile,
  });
  const reply = await fetch(`http://${machineAddress()}:${new URL(open.url).port}/v2/`);
  const { errors } = (await reply.json()) as { errors: readonly { message: string }[] };
  expect([reply.status, errors[0]?.message]).toEqual([
    403,
    'other machines are answered over https only: a token sent over plain http can be read on its way; use https, or set registry.allowPlainHttp',
  ]);
});
