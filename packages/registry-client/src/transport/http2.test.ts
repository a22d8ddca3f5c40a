import { createSecureServer } from 'node:http2';
import { describe, expect, it } from 'vitest';
import { openForTest } from '../testing/open-for-test.ts';
import {
  MANIFEST,
  MANIFEST_DIGEST,
  serveManifest,
  targetOf,
} from '../testing/scripted-registry.ts';
import { hostOf } from '../testing/scripted-server.ts';
import { issueTestCertificate, trustTestCertificate } from '../testing/test-certificate.ts';

const never = new AbortController().signal;
const certificate = issueTestCertificate();
trustTestCertificate(certificate);

/** A registry that knows HTTP/2, and HTTP/1.1 as well; keeps in which version it was asked. */
async function openHttp2Registry() {
  const asked: string[] = [];
  let sessions = 0;
  const server = createSecureServer({ ...certificate, allowHTTP1: true }, (request, response) => {
    asked.push(`${request.httpVersion} ${request.method}`);
    response.writeHead(200, {
      'content-type': 'application/vnd.oci.image.index.v1+json',
      'content-length': MANIFEST.length,
      'docker-content-digest': MANIFEST_DIGEST,
    });
    if (request.method === 'HEAD') response.end();
    else response.end(MANIFEST);
  });
  server.on('session', () => {
    sessions += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    asked,
    sessions: () => sessions,
    target: targetOf(hostOf(server.address()), { insecure: false }),
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('HTTP/2', () => {
  it('is spoken where it is wished for, over one connection', async () => {
    await using registry = await openHttp2Registry();
    await using opened = await openForTest(serveManifest, {
      http2: (authority) => authority === registry.target.endpoint,
    });
    const { client } = opened;
    expect((await client.headManifest(registry.target, 'latest', never)).digest).toBe(
      MANIFEST_DIGEST,
    );
    await client.fetchManifest(registry.target, MANIFEST_DIGEST, never);
    await client.headManifest(registry.target, 'latest', never);
    expect(registry.asked).toEqual(['2.0 HEAD', '2.0 GET', '2.0 HEAD']);
    expect(registry.sessions()).toBe(1);
    await client[Symbol.asyncDispose]();
  });

  it('is not spoken where nobody wishes for it', async () => {
    await using registry = await openHttp2Registry();
    await using opened = await openForTest(serveManifest);
    await opened.client.headManifest(registry.target, 'latest', never);
    expect(registry.asked).toEqual(['1.1 HEAD']);
    await opened.client[Symbol.asyncDispose]();
  });

  it('gives way to HTTP/1.1 where a registry does not know it', async () => {
    await using registry = await openForTest(serveManifest, { certificate, http2: () => true });
    const head = await registry.client.headManifest(registry.target, 'latest', never);
    expect(head.digest).toBe(MANIFEST_DIGEST);
  });
});
