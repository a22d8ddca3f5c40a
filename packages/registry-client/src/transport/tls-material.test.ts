import type { RequestListener } from 'node:http';
import { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { openForTest } from '../testing/open-for-test.ts';
import {
  MANIFEST_DIGEST,
  sendManifest,
  serveManifest,
  targetOf,
} from '../testing/scripted-registry.ts';
import { openScriptedServer } from '../testing/scripted-server.ts';
import { issueTestCertificate, trustTestCertificate } from '../testing/test-certificate.ts';

const never = new AbortController().signal;
const own = issueTestCertificate();
const known = issueTestCertificate();
trustTestCertificate(known);
const robot = issueTestCertificate('DNS:robot');

describe('authorities of one registry', () => {
  it('are trusted there', async () => {
    await using registry = await openForTest(serveManifest, {
      certificate: own,
      tls: () => ({ ca: [own.cert] }),
    });
    const head = await registry.client.headManifest(registry.target, 'latest', never);
    expect(head.digest).toBe(MANIFEST_DIGEST);
  });

  it('are trusted nowhere else', async () => {
    await using registry = await openForTest(serveManifest, {
      certificate: own,
      tls: (authority) => (authority === 'other.example' ? { ca: [own.cert] } : undefined),
    });
    const look = registry.client.headManifest(registry.target, 'latest', never);
    await expect(look).rejects.toMatchObject({ code: 'TLSError' });
  });

  it('are trusted besides those that Node trusts', async () => {
    await using registry = await openForTest(serveManifest, {
      certificate: known,
      tls: () => ({ ca: [own.cert] }),
    });
    const head = await registry.client.headManifest(registry.target, 'latest', never);
    expect(head.digest).toBe(MANIFEST_DIGEST);
  });
});

describe('a certificate of ours', () => {
  const asking = { ...own, requestCert: true, rejectUnauthorized: false };
  const material = { ca: [own.cert], client: robot };

  /** Whom the server saw, one entry per request. */
  function remember(seen: string[], answer: RequestListener): RequestListener {
    return (request, response) => {
      const { socket } = request;
      const subject = socket instanceof TLSSocket ? socket.getPeerCertificate().subject : undefined;
      seen.push(subject === undefined ? 'nobody' : String(subject.CN));
      answer(request, response);
    };
  }

  it('is shown to a registry that a definition names', async () => {
    const seen: string[] = [];
    const answer = remember(seen, serveManifest);
    await using registry = await openForTest(answer, { certificate: asking, tls: () => material });
    await registry.client.headManifest(registry.target, 'latest', never);
    expect(seen).toEqual(['tagtrail test']);
  });

  it('is not shown where a registry leads', async () => {
    const seen: string[] = [];
    await using other = await openScriptedServer(remember(seen, serveManifest), asking);
    await using registry = await openForTest(
      (request, response) =>
        request.url?.endsWith('latest')
          ? response.writeHead(307, { location: `${other.url}${request.url}` }).end()
          : sendManifest(response),
      { certificate: asking, tls: () => material },
    );
    const look = (tag: string, host = registry.host) =>
      registry.client.headManifest(targetOf(host, { insecure: false }), tag, never);
    expect((await look('latest')).digest).toBe(MANIFEST_DIGEST);
    expect(seen).toEqual(['nobody']);
    // The same host, named: another connection, and now it may know.
    await look('latest', other.host);
    expect(seen).toEqual(['nobody', 'tagtrail test']);
  });
});
