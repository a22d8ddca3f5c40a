import type { RequestListener, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { computeDigest } from './content-digest.ts';
import { openForTest } from './testing/open-for-test.ts';
import { sendStatus } from './testing/scripted-registry.ts';
import { openScriptedServer } from './testing/scripted-server.ts';
import { issueTestCertificate, trustTestCertificate } from './testing/test-certificate.ts';

const never = new AbortController().signal;
const CONFIG = Buffer.from('{"architecture":"amd64","os":"linux"}');
const descriptor = { digest: computeDigest(CONFIG), size: CONFIG.length };
const path = `/v2/team/app/blobs/${descriptor.digest}`;

const serveConfig: RequestListener = (_request, response) => response.end(CONFIG);

/** Redirects requests for blobs to wherever `location` says. */
function redirectTo(location: (path: string) => string, status = 307): RequestListener {
  return (request, response) =>
    sendStatus(response, status, { location: location(request.url ?? '') });
}

function demandBasic(response: ServerResponse): void {
  sendStatus(response, 401, { 'www-authenticate': 'Basic realm="r"' });
}

describe('fetchBlob', () => {
  it('returns the text of a blob with the declared size and digest', async () => {
    await using registry = await openForTest(serveConfig);
    const text = await registry.client.fetchBlob(registry.target, descriptor, never);
    expect(text).toBe(CONFIG.toString());
    expect(registry.lines()).toEqual([`GET ${path}`]);
  });

  it.each([
    ['digest', { digest: computeDigest(Buffer.from('other')), size: CONFIG.length }],
    ['size', { ...descriptor, size: CONFIG.length + 1 }],
  ])('reports content that does not have the declared %s', async (_what, wanted) => {
    await using registry = await openForTest(serveConfig);
    await expect(registry.client.fetchBlob(registry.target, wanted, never)).rejects.toMatchObject({
      code: 'InvalidManifest',
      message: expect.stringContaining('content integrity error'),
    });
  });

  it('does not ask for a blob that is declared too large', async () => {
    await using registry = await openForTest(serveConfig);
    const wanted = { ...descriptor, size: 4 * 1024 * 1024 + 1 };
    await expect(registry.client.fetchBlob(registry.target, wanted, never)).rejects.toMatchObject({
      code: 'InvalidManifest',
    });
    expect(registry.requests).toEqual([]);
  });

  it('stops reading a blob that is larger than allowed', async () => {
    await using registry = await openForTest(
      (_request, response) => response.end(Buffer.alloc(2_048)),
      { limits: { configBytes: 1_024 } },
    );
    await expect(
      registry.client.fetchBlob(registry.target, descriptor, never),
    ).rejects.toMatchObject({
      code: 'RegistryError',
      message: expect.stringContaining('larger than 1024 bytes'),
    });
  });
});

describe('redirects of a blob', () => {
  it.each([301, 302, 303, 307, 308])('follows %i to a store', async (status) => {
    await using store = await openScriptedServer(serveConfig);
    await using registry = await openForTest(
      redirectTo(() => `${store.url}/bucket/x?signature=s`, status),
    );
    const text = await registry.client.fetchBlob(registry.target, descriptor, never);
    expect(text).toBe(CONFIG.toString());
    expect(store.requests.map(({ url }) => url)).toEqual(['/bucket/x?signature=s']);
  });

  it('keeps credentials on the own origin, drops them on the way out, and does not pick them up again', async () => {
    await using store = await openScriptedServer((request, response) =>
      redirectTo(() => `${registryUrl}${request.url === '/out' ? '/back' : '/never'}`)(
        request,
        response,
      ),
    );
    await using registry = await openForTest(
      (request, response) => {
        if (request.url === '/back') response.end(CONFIG);
        else if (request.headers.authorization === undefined) demandBasic(response);
        else if (request.url === '/near') redirectTo(() => `${store.url}/out`)(request, response);
        else redirectTo(() => '/near')(request, response);
      },
      { credentials: () => [{ username: 'u', password: 'p' }], plaintext: true },
    );
    const registryUrl = registry.url;
    await registry.client.fetchBlob(registry.target, descriptor, never);
    const seen = registry.requests.map(({ url, headers }) => [url, headers.authorization]);
    expect(seen).toEqual([
      [path, undefined],
      [path, 'Basic dTpw'],
      ['/near', 'Basic dTpw'],
      ['/back', undefined],
    ]);
    expect(store.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('gives up after five hops', async () => {
    await using registry = await openForTest(redirectTo((url) => `${url}/again`));
    await expect(
      registry.client.fetchBlob(registry.target, descriptor, never),
    ).rejects.toMatchObject({
      code: 'RegistryError',
      message: expect.stringContaining('redirected more than 5 times'),
    });
    expect(registry.requests).toHaveLength(6);
  });

  it.each([
    ['nowhere', undefined],
    ['an address that is none', 'http://['],
    ['another protocol', 'file:///etc/passwd'],
    ['a user name', 'http://user:word@store.example/x'],
    ['a link-local address', 'http://169.254.169.254/latest/meta-data'],
  ])('does not follow to %s', async (_where, location) => {
    await using registry = await openForTest((_request, response) =>
      sendStatus(response, 307, location === undefined ? {} : { location }),
    );
    const failed = registry.client.fetchBlob(registry.target, descriptor, never);
    const code = location?.includes('169.254') ? 'Forbidden' : 'RegistryError';
    await expect(failed).rejects.toMatchObject({ code, retryable: false });
    await expect(failed).rejects.not.toThrow(/word|passwd/);
  });

  it('does not name the signature of a location that fails', async () => {
    await using registry = await openForTest(
      redirectTo(() => 'http://127.0.0.1:1/bucket?X-Signature=secret'),
    );
    const failed = registry.client.fetchBlob(registry.target, descriptor, never);
    await expect(failed).rejects.toMatchObject({ code: 'ConnectionFailed', retryable: true });
    await expect(failed).rejects.toThrow(/redirected to 127\.0\.0\.1:1: connection refused$/);
  });

  it('does not follow from https to plain http', async () => {
    const certificate = issueTestCertificate();
    trustTestCertificate(certificate);
    await using store = await openScriptedServer(serveConfig);
    await using registry = await openForTest(
      redirectTo(() => store.url),
      { certificate },
    );
    await expect(registry.client.fetchBlob(registry.target, descriptor, never)).rejects.toThrow(
      'redirected from https to plain http',
    );
    expect(store.requests).toEqual([]);
  });
});
