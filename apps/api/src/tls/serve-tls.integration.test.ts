import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { text } from 'node:stream/consumers';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type ApiClient, createApiClient } from '@tagtrail/api-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aStream } from '../testing/a-stream.ts';
import { openCertificateForTest } from '../testing/certificate-for-test.ts';
import { type ApiForTest, openApiForTest, TOKEN } from '../testing/open-api-for-test.ts';

/** ms in which the API stops with connections of every kind open; a process is given 4 s. */
const STOP_LIMIT = 2_000;
const WATCH = '/apis/image.openshift.io/v1/imagestreams?watch=true';

describe('the API with a certificate', () => {
  let certificate: Awaited<ReturnType<typeof openCertificateForTest>>;
  let api: ApiForTest;
  let client: ApiClient;

  beforeAll(async () => {
    certificate = await openCertificateForTest();
    api = await openApiForTest({
      TAGTRAIL_API_CERTIFICATE_FILE: certificate.certificateFile,
      TAGTRAIL_API_KEY_FILE: certificate.keyFile,
    });
    client = createApiClient({ server: api.secureUrl ?? '', token: TOKEN });
  });

  afterAll(async () => {
    await api[Symbol.asyncDispose]();
    certificate[Symbol.dispose]();
  });

  /** A watch as a plain client sees it, once its first frame is there. */
  async function watch(url: string) {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const headers = { authorization: `Bearer ${TOKEN}` };
    const request = send(`${url}${WATCH}`, { headers, ca: certificate.caPem, agent: false });
    const [response] = (await once(request.end(), 'response')) as [IncomingMessage];
    await once(response, 'readable');
    return response;
  }

  it('has one address with two schemes', () => {
    expect(api.secureUrl).toBe(api.url.replace('http:', 'https:'));
  });

  it('is not trusted by those who do not know its authority, and they are told so', async () => {
    const asking = client.streams.list();
    await expect(asking).rejects.toMatchObject({
      code: 0,
      retryable: false,
      message: `cannot reach the Tagtrail API at ${api.secureUrl}: its certificate is not signed by an authority that is trusted here`,
    });
  });

  describe('whose authority is among the default ones', () => {
    const before = getCACertificates('default');

    beforeAll(() => {
      setDefaultCACertificates([...before, certificate.caPem]);
      return () => setDefaultCACertificates(before);
    });

    it('serves a client over TLS: create, list, watch, delete', async () => {
      const key = { namespace: 'shop', name: 'web' };
      const stop = new AbortController();
      const { resourceVersion = '0' } = (await client.streams.listAll()).metadata;
      const events = client.streams.watch({ resourceVersion, signal: stop.signal });
      const first = events.next();
      await client.streams.create(aStream('web'));
      expect((await first).value).toMatchObject({ type: 'ADDED', object: { metadata: key } });
      expect((await client.streams.list()).items).toHaveLength(1);
      await client.streams.delete(key);
      expect((await events.next()).value).toMatchObject({ type: 'DELETED' });
      stop.abort();
    });

    it('asks for the token over TLS too', async () => {
      const stranger = createApiClient({ server: api.secureUrl ?? '', token: 'wrong' });
      await expect(stranger.streams.list()).rejects.toMatchObject({ code: 401 });
    });

    it('shows its page over both', async () => {
      for (const url of [api.url, api.secureUrl ?? '']) {
        expect(await (await fetch(url)).text()).toContain('<title>Tagtrail</title>');
      }
    });
  });

  it('tells scrapers when the certificate ends', async () => {
    const metrics = await (await fetch(`${api.url}/metrics`)).text();
    expect(metrics).toMatch(
      /^tagtrail_api_certificate_expires_timestamp_seconds\{service="api"\} \d{10}$/m,
    );
  });

  it('stops in good order with connections of every kind open', async () => {
    await api.client.streams.create(aStream('seen'));
    const watches = [await watch(api.secureUrl ?? ''), await watch(api.url)];
    const { port, hostname } = new URL(api.url);
    const silent = connectPlain(Number(port), hostname);
    const half = connectPlain(Number(port), hostname);
    await Promise.all([once(silent, 'connect'), once(half, 'connect')]);
    half.write(Buffer.from([0x16, 0x03, 0x01]));
    // One of them may be cut with a reset.
    const cut = [silent, half].map(
      (socket) => new Promise((gone) => socket.on('error', gone).on('end', gone).resume()),
    );
    const start = performance.now();
    await api.end();
    expect(performance.now() - start).toBeLessThan(STOP_LIMIT);
    for (const response of watches) {
      expect(await text(response)).toContain('"name":"seen"');
      expect(response.complete).toBe(true);
    }
    await Promise.all(cut);
  });
});
