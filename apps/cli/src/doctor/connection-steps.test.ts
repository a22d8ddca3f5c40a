import type { ConnectionEvent } from '@tagtrail/registry-client';
import { describe, expect, it } from 'vitest';
import { connectionSteps } from './connection-steps.ts';
import { pingStep } from './ping-step.ts';
import { readSubject } from './read-subject.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-23T12:00:00Z');
const { target } = readSubject('quay.io/team/app', false);

const connection: ConnectionEvent = {
  kind: 'connection',
  mode: 'verified',
  authority: 'quay.io',
  proxied: false,
  address: '192.0.2.1:443',
  connectTook: 20,
  secure: undefined,
  failure: undefined,
};

const certificate = (validTo: number) => ({
  names: ['quay.io', '*.quay.io'],
  issuer: 'Honest Authority',
  validFrom: NOW - DAY,
  validTo,
});

const secured = (validTo: number) => ({
  ...connection,
  secure: { took: 30, protocol: 'TLSv1.3', certificate: certificate(validTo) },
});

describe('connectionSteps', () => {
  it('shows a few of many addresses', () => {
    const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'];
    const lookup = { kind: 'lookup', host: 'quay.io', took: 5, addresses } as const;
    const [dns] = connectionSteps([lookup, connection], target, NOW);
    expect(dns).toMatchObject({
      took: 5,
      seen: 'quay.io is 192.0.2.1, 192.0.2.2, 192.0.2.3, …',
      facts: { addresses },
    });
  });

  it('tells a proxy, which looks names up itself', () => {
    const proxied = { ...connection, proxied: true, address: '192.0.2.9:3128' };
    const [dns, tcp] = connectionSteps([proxied], target, NOW);
    expect(dns).toMatchObject({
      verdict: 'skipped',
      seen: 'quay.io is looked up by the proxy',
    });
    expect(tcp).toMatchObject({
      verdict: 'ok',
      seen: 'connected to 192.0.2.9:3128, which is the proxy',
    });
  });

  it.each([
    ['verified', 'registries.httpsProxy or HTTPS_PROXY'],
    ['plain', 'registries.httpProxy or HTTP_PROXY'],
  ] as const)('has a proxy checked that opens no way, and not the registry: %s', (mode, named) => {
    const phrase = 'the proxy 192.0.2.9:3128 cannot be used: connection refused';
    const failure = { kind: 'unreachable', phrase, connecting: true } as const;
    const attempt = { ...connection, mode, proxied: true, address: undefined, failure };
    const [, tcp] = connectionSteps([attempt], target, NOW);
    expect(tcp).toMatchObject({
      verdict: 'failed',
      seen: `quay.io: ${phrase}`,
      remarks: [
        `check the proxy that ${named} names: that it runs, that it knows the user and password in its URL, and that it lets workers through to quay.io`,
        'a tag there keeps its last image and is looked at again with growing pauses',
      ],
    });
  });

  it('says what did not come in time', () => {
    const [dns, tcp, tls] = connectionSteps([], target, NOW);
    expect([dns?.seen, tcp?.seen, tls?.seen]).toEqual([
      'quay.io: no answer in time',
      'quay.io: no connection in time',
      'there is no connection',
    ]);
  });

  it.each([
    [90, '2027-02-21 (90 days)', []],
    [
      3,
      '2026-11-26 (3 days)',
      ['the certificate ends soon; after that, looks fail with TLSError until it is renewed'],
    ],
  ])('tells whose certificate it is, and that it ends in %d days', (days, until, remarks) => {
    const [, , tls] = connectionSteps([secured(NOW + days * DAY)], target, NOW);
    const names = 'quay.io, *.quay.io';
    expect(tls).toMatchObject({
      took: 30,
      seen: `TLSv1.3, for ${names}, from Honest Authority, until ${until}`,
      remarks,
    });
  });

  it('tells a certificate that is over, and one without a date', () => {
    const failure = {
      kind: 'certificate',
      phrase: 'the certificate has expired',
      connecting: true,
    } as const;
    const [, , tls] = connectionSteps([{ ...secured(NOW - DAY), failure }], target, NOW);
    expect(tls).toMatchObject({
      verdict: 'failed',
      seen: expect.stringMatching(/^the certificate has expired; .* until 2026-11-22 \(over\)$/),
    });
    const [, , dateless] = connectionSteps([secured(Number.NaN)], target, NOW);
    expect(dateless?.seen).toMatch(/until an unknown day$/);
  });

  it('tells a server without a certificate', () => {
    const secure = { took: 1, protocol: 'TLSv1.2', certificate: undefined };
    const accepted = { ...connection, mode: 'unverified', secure } as const;
    const [, , tls] = connectionSteps([accepted], target, NOW);
    expect(tls).toMatchObject({
      seen: 'TLSv1.2, without a certificate',
      remarks: [
        'the certificate is not trusted: it is accepted because insecure transport is allowed',
      ],
    });
  });
});

describe('pingStep', () => {
  it('tells a registry that connects and then says nothing', () => {
    const step = pingStep([connection], { ok: true, value: undefined }, { target, now: NOW });
    expect(step).toMatchObject({ verdict: 'failed', seen: 'no answer' });
  });
});
