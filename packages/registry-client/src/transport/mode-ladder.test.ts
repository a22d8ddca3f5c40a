import { errors } from 'undici';
import { describe, expect, it } from 'vitest';
import { openForTest } from '../testing/open-for-test.ts';
import { MANIFEST_DIGEST, serveManifest, targetOf } from '../testing/scripted-registry.ts';
import { openScriptedServer } from '../testing/scripted-server.ts';
import { issueTestCertificate } from '../testing/test-certificate.ts';
import { ModeLadder } from './mode-ladder.ts';
import { ConnectFailure } from './transport-failure.ts';
import type { TransportMode } from './transport-mode.ts';

const never = new AbortController().signal;
const MINUTE = 60_000;
const insecure = targetOf('registry.test');
const secure = targetOf('registry.test', { insecure: false });

function failure(code: string): ConnectFailure {
  return new ConnectFailure(Object.assign(new Error(code), { code }));
}

const SELF_SIGNED = failure('DEPTH_ZERO_SELF_SIGNED_CERT');
const NO_TLS = failure('ERR_SSL_WRONG_VERSION_NUMBER');
const REFUSED = failure('ECONNREFUSED');

/** A ladder over a host that fails in some modes, and a record of the modes tried. */
function bench(failures: Partial<Record<TransportMode, unknown>>) {
  const clock = { now: 0 };
  const ladder = new ModeLadder(10, () => clock.now);
  const tried: TransportMode[] = [];
  const look = (target = insecure) =>
    ladder.climb(target, async (mode) => {
      tried.push(mode);
      const error = failures[mode];
      if (error !== undefined) throw error;
      ladder.answered(target, mode);
      return mode;
    });
  return { clock, failures, look, tried };
}

describe('ModeLadder', () => {
  it('stays with verified TLS when that works', async () => {
    const { look, tried } = bench({});
    expect(await look()).toBe('verified');
    expect(tried).toEqual(['verified']);
  });

  it('goes without verification only for the sake of a certificate', async () => {
    const { look, tried } = bench({ verified: SELF_SIGNED });
    expect(await look()).toBe('unverified');
    expect(await look()).toBe('unverified');
    expect(tried).toEqual(['verified', 'unverified', 'unverified']);
  });

  it('goes to plain http when there is no TLS', async () => {
    const { look, tried } = bench({ verified: NO_TLS, unverified: NO_TLS });
    expect(await look()).toBe('plain');
    expect(tried).toEqual(['verified', 'plain']);
  });

  it('never leaves verified TLS for a secure target, whatever an insecure one learned', async () => {
    const { look, tried } = bench({ verified: SELF_SIGNED });
    await look();
    tried.length = 0;
    await expect(look(secure)).rejects.toBe(SELF_SIGNED);
    expect(tried).toEqual(['verified']);
  });

  it('begins with the safest mode again after ten minutes', async () => {
    const { look, tried, clock } = bench({ verified: NO_TLS });
    await look();
    clock.now += 10 * MINUTE - 1;
    await look();
    clock.now += 1;
    await look();
    expect(tried).toEqual(['verified', 'plain', 'plain', 'verified', 'plain']);
  });

  it('climbs again when a host that spoke plain http has moved to TLS', async () => {
    const { look, tried, failures } = bench({ verified: NO_TLS });
    await look();
    failures.verified = undefined;
    failures.plain = new errors.HTTPParserError();
    tried.length = 0;
    expect(await look()).toBe('verified');
    expect(tried).toEqual(['plain', 'verified']);
  });

  it('does not fall to plain http because a host that spoke TLS is away', async () => {
    const { look, tried, failures } = bench({});
    await look();
    failures.verified = REFUSED;
    tried.length = 0;
    await expect(look()).rejects.toBe(REFUSED);
    expect(tried).toEqual(['verified']);
  });

  it('notices that a certificate has expired meanwhile', async () => {
    const { look, failures } = bench({});
    await look();
    failures.verified = failure('CERT_HAS_EXPIRED');
    expect(await look()).toBe('unverified');
  });

  it('reports the first failure when every mode fails', async () => {
    const { look, tried } = bench({ verified: SELF_SIGNED, unverified: REFUSED, plain: REFUSED });
    await expect(look()).rejects.toBe(SELF_SIGNED);
    expect(tried).toEqual(['verified', 'unverified', 'plain']);
  });

  it.each([
    ['an unknown host name', failure('ENOTFOUND')],
    ['a slow reply', Object.assign(new Error(), { code: 'UND_ERR_HEADERS_TIMEOUT' })],
    ['an error that is not about transport', new Error('bug')],
  ])('does not climb because of %s', async (_what, error) => {
    const { look, tried } = bench({ verified: error });
    await expect(look()).rejects.toBe(error);
    expect(tried).toEqual(['verified']);
  });
});

describe('an insecure target', () => {
  it('accepts a self-signed certificate', async () => {
    await using registry = await openForTest(serveManifest, {
      certificate: issueTestCertificate(),
    });
    const target = { ...registry.target, insecure: true };
    const head = await registry.client.headManifest(target, 'latest', never);
    expect(head.digest).toBe(MANIFEST_DIGEST);
  });

  it('does not climb because of an HTTP status', async () => {
    const certificate = issueTestCertificate();
    await using registry = await openForTest(
      (_request, response) => response.writeHead(500).end(),
      { certificate },
    );
    const target = { ...registry.target, insecure: true };
    const look = registry.client.headManifest(target, 'latest', never);
    await expect(look).rejects.toMatchObject({ status: 500, code: 'RegistryError' });
    expect(registry.requests).toHaveLength(1);
  });
});

describe('a secure target', () => {
  it('does not reach a self-signed registry, even after an insecure one did', async () => {
    await using registry = await openForTest(serveManifest, {
      certificate: issueTestCertificate(),
    });
    await registry.client.headManifest({ ...registry.target, insecure: true }, 'latest', never);
    const look = registry.client.headManifest(registry.target, 'latest', never);
    await expect(look).rejects.toMatchObject({
      code: 'TLSError',
      retryable: false,
      message: expect.stringMatching(/self-signed; .*importPolicy\.insecure on the tag/),
    });
    expect(registry.requests).toHaveLength(1);
  });

  it('does not reach a certificate of another host', async () => {
    await using registry = await openForTest(serveManifest, {
      certificate: issueTestCertificate('DNS:elsewhere.example'),
    });
    await expect(
      registry.client.headManifest(registry.target, 'latest', never),
    ).rejects.toMatchObject({ code: 'TLSError' });
  });

  it('does not speak plain http, not even on loopback', async () => {
    await using plain = await openScriptedServer(serveManifest);
    await using registry = await openForTest(serveManifest);
    const target = targetOf(plain.host, { insecure: false });
    const look = registry.client.headManifest(target, 'latest', never);
    await expect(look).rejects.toMatchObject({ code: 'TLSError' });
    await expect(look).rejects.toThrow(
      'allow insecure transport (importPolicy.insecure on the tag, --insecure)',
    );
    expect(plain.requests).toEqual([]);
  });
});
