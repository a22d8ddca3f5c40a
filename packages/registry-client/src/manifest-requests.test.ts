import type { RequestListener } from 'node:http';
import { MANIFEST_ACCEPT, MEDIA_TYPE } from '@tagtrail/oci';
import { describe, expect, it } from 'vitest';
import { computeDigest } from './content-digest.ts';
import { type OpenedForTest, openForTest } from './testing/open-for-test.ts';
import {
  MANIFEST,
  MANIFEST_DIGEST,
  sendManifest,
  sendStatus,
  serveManifest,
} from './testing/scripted-registry.ts';

const never = new AbortController().signal;

function methods({ requests }: OpenedForTest): string[] {
  return requests.map(({ method }) => method);
}

/** Answers GET well, and HEAD as told. */
function withHead(head: RequestListener): RequestListener {
  return (request, response) =>
    request.method === 'HEAD' ? head(request, response) : sendManifest(response);
}

describe('headManifest', () => {
  it('uses one connection for many looks in a row', async () => {
    await using registry = await openForTest(serveManifest);
    for (let look = 0; look < 50; look += 1) {
      await registry.client.headManifest(registry.target, 'latest', never);
    }
    expect(registry.requests).toHaveLength(50);
    expect(new Set(registry.requests.map(({ connection }) => connection)).size).toBe(1);
  });

  it('costs one request and tells digest and media type', async () => {
    await using registry = await openForTest(serveManifest);
    const head = await registry.client.headManifest(registry.target, 'latest', never);
    expect(head).toEqual({ digest: MANIFEST_DIGEST, mediaType: MEDIA_TYPE.ociIndex });
    expect(methods(registry)).toEqual(['HEAD']);
    expect(registry.requests[0]?.url).toBe('/v2/team/app/manifests/latest');
  });

  it('asks for the same media types as a GET, for no compression, and gives its name', async () => {
    await using registry = await openForTest(serveManifest);
    await registry.client.headManifest(registry.target, 'latest', never);
    await registry.client.fetchManifest(registry.target, 'latest', never);
    for (const { headers } of registry.requests) {
      expect(headers.accept).toBe(MANIFEST_ACCEPT);
      expect(headers['accept-encoding']).toBe('identity');
      expect(headers['user-agent']).toBe('tagtrail/test');
      expect(headers.authorization).toBeUndefined();
    }
  });

  it.each([405, 501])('falls to GET on %i, and remembers the host for an hour', async (status) => {
    const clock = { now: 0 };
    await using registry = await openForTest(
      withHead((_request, response) => sendStatus(response, status)),
      { now: () => clock.now },
    );
    const look = () => registry.client.headManifest(registry.target, 'latest', never);
    expect((await look()).digest).toBe(MANIFEST_DIGEST);
    expect((await look()).digest).toBe(MANIFEST_DIGEST);
    expect(methods(registry)).toEqual(['HEAD', 'GET', 'GET']);
    // The mode of an insecure host is forgotten sooner; the next look only has to ask by HEAD again.
    clock.now += 60 * 60 * 1000;
    await look();
    expect(methods(registry).slice(3)).toEqual(['HEAD', 'GET']);
  });

  it('verifies a 404 with GET on a host where no HEAD has worked yet', async () => {
    await using registry = await openForTest(
      withHead((_request, response) => sendStatus(response, 404)),
    );
    const look = () => registry.client.headManifest(registry.target, 'latest', never);
    expect((await look()).digest).toBe(MANIFEST_DIGEST);
    await look();
    expect(methods(registry)).toEqual(['HEAD', 'GET', 'GET']);
  });

  it('believes a 404 once a HEAD has worked', async () => {
    await using registry = await openForTest((request, response) =>
      request.url?.endsWith('/gone') ? sendStatus(response, 404) : sendManifest(response),
    );
    await registry.client.headManifest(registry.target, 'latest', never);
    await expect(
      registry.client.headManifest(registry.target, 'gone', never),
    ).rejects.toMatchObject({ code: 'NotFound', status: 404, retryable: false });
    expect(methods(registry)).toEqual(['HEAD', 'HEAD']);
  });

  it.each([
    ['no digest', undefined],
    ['a malformed digest', 'sha256:ABC'],
    ['two digests', `${MANIFEST_DIGEST}, ${MANIFEST_DIGEST}`],
  ])('computes the digest when HEAD brings %s', async (_what, digest) => {
    await using registry = await openForTest(
      withHead((_request, response) =>
        sendStatus(response, 200, digest === undefined ? {} : { 'docker-content-digest': digest }),
      ),
    );
    const head = await registry.client.headManifest(registry.target, 'latest', never);
    expect(head.digest).toBe(MANIFEST_DIGEST);
    expect(methods(registry)).toEqual(['HEAD', 'GET']);
  });

  it('refuses another digest than the one it asked about', async () => {
    const other = computeDigest(Buffer.from('other'));
    await using registry = await openForTest(serveManifest);
    await expect(registry.client.headManifest(registry.target, other, never)).rejects.toMatchObject(
      { code: 'InvalidManifest' },
    );
  });

  it('accepts that content asked about by sha512 is named by sha256', async () => {
    const digest = computeDigest(MANIFEST, 'sha512');
    await using registry = await openForTest(serveManifest);
    const head = await registry.client.headManifest(registry.target, digest, never);
    expect(head.digest).toBe(digest);
  });
});

describe('fetchManifest', () => {
  it('returns the bytes as text, and the digest computed from them, whatever the header says', async () => {
    await using registry = await openForTest((_request, response) => {
      response.setHeader('docker-content-digest', computeDigest(Buffer.from('a lie')));
      response.setHeader('content-type', `${MEDIA_TYPE.ociIndex.toUpperCase()}; charset=utf-8`);
      response.end(MANIFEST);
    });
    expect(await registry.client.fetchManifest(registry.target, 'latest', never)).toEqual({
      digest: MANIFEST_DIGEST,
      mediaType: MEDIA_TYPE.ociIndex,
      text: MANIFEST.toString(),
    });
  });

  it.each(['sha256', 'sha512'] as const)('verifies what it asked for by %s', async (algorithm) => {
    const digest = computeDigest(MANIFEST, algorithm);
    await using registry = await openForTest(serveManifest);
    const fetched = await registry.client.fetchManifest(registry.target, digest, never);
    expect(fetched.digest).toBe(digest);
  });

  it('reports other bytes than the digest names', async () => {
    const digest = computeDigest(Buffer.from('what was asked for'));
    await using registry = await openForTest(serveManifest);
    await expect(
      registry.client.fetchManifest(registry.target, digest, never),
    ).rejects.toMatchObject({
      code: 'InvalidManifest',
      retryable: false,
      message: expect.stringMatching(/^content integrity error: .*team\/app@sha256:/),
    });
  });

  it('refuses docker schema 1 before it looks at the digest', async () => {
    await using registry = await openForTest((_request, response) => {
      response.setHeader('content-type', MEDIA_TYPE.schema1Signed);
      response.end('{}');
    });
    await expect(
      registry.client.fetchManifest(registry.target, MANIFEST_DIGEST, never),
    ).rejects.toMatchObject({ code: 'UnsupportedManifest' });
  });

  it.each([true, false])('refuses an oversize manifest (length declared: %s)', async (declared) => {
    const body = Buffer.alloc(5_000, ' ');
    await using registry = await openForTest(
      (_request, response) => {
        if (declared) response.setHeader('content-length', body.length);
        response.write(body);
        response.end();
      },
      { limits: { manifestBytes: 4_096 } },
    );
    await expect(
      registry.client.fetchManifest(registry.target, 'latest', never),
    ).rejects.toMatchObject({
      code: 'RegistryError',
      message: expect.stringContaining('larger than 4096 bytes'),
    });
  });

  it('accepts a manifest of exactly the limit', async () => {
    await using registry = await openForTest(serveManifest, {
      limits: { manifestBytes: MANIFEST.length },
    });
    const fetched = await registry.client.fetchManifest(registry.target, 'latest', never);
    expect(fetched.text).toBe(MANIFEST.toString());
  });

  it('refuses bytes that are not UTF-8', async () => {
    await using registry = await openForTest((_request, response) =>
      sendManifest(response, Buffer.from([0x7b, 0xff, 0x7d])),
    );
    await expect(
      registry.client.fetchManifest(registry.target, 'latest', never),
    ).rejects.toMatchObject({ code: 'InvalidManifest' });
  });

  it('keeps a byte order mark, so that the text still has its digest', async () => {
    const body = Buffer.from('\uFEFF{}');
    await using registry = await openForTest((_request, response) => sendManifest(response, body));
    const { text, digest } = await registry.client.fetchManifest(registry.target, 'latest', never);
    expect(computeDigest(Buffer.from(text))).toBe(digest);
  });

  it.each([
    ['repository', { repository: 'team/../../etc' }, 'latest'],
    ['repository', { repository: 'team/app?x' }, 'latest'],
    ['host', { endpoint: 'host/path' }, 'latest'],
    ['host', { endpoint: 'user@host' }, 'latest'],
    ['tag', {}, '../blobs/x'],
    ['tag', {}, 'a\r\nHost: evil'],
    ['digest', {}, 'sha256:abc'],
  ])('sends nothing when the %s does not match its grammar', async (_part, changes, reference) => {
    await using registry = await openForTest(serveManifest);
    const target = { ...registry.target, ...changes };
    await expect(registry.client.fetchManifest(target, reference, never)).rejects.toThrow(
      /^not a valid/,
    );
    expect(registry.requests).toEqual([]);
  });
});
