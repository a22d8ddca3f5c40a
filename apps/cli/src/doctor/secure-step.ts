import type {
  CertificateFacts,
  ConnectionEvent,
  RepositoryTarget,
  TransportFailure,
} from '@tagtrail/registry-client';
import { type Step, skipped } from './examination.ts';
import { connectionRemarks } from './failure-remarks.ts';

const DAY = 24 * 60 * 60 * 1000;
/** Days before the end of a certificate from which it is worth a remark: automatic renewals come earlier. */
const SOON = 14;

/** TLS: protocol, for whom the certificate is, from whom, and until when. */
export function secureStep(
  attempts: readonly ConnectionEvent[],
  target: RepositoryTarget,
  now: number,
): Step {
  const last = attempts.at(-1);
  const reached = attempts.some(({ address }) => address !== undefined);
  if (last === undefined || !reached) return skipped('tls', 'there is no connection');
  const handshake = attempts.findLast(({ secure }) => secure !== undefined)?.secure;
  const refusal = attempts.find(({ mode, failure }) => mode === 'verified' && failure)?.failure;
  const seen = [last.failure?.phrase, secureText(handshake, last, now)];
  const told = {
    name: 'tls',
    took: handshake?.took,
    seen: seen.filter(Boolean).join('; '),
    facts: factsOf(handshake, last, refusal),
  } as const;
  if (last.failure !== undefined) {
    return { ...told, verdict: 'failed', remarks: connectionRemarks(last.failure, target) };
  }
  const remarks = [
    ...acceptedRemarks(last, refusal),
    ...expiryRemarks(handshake?.certificate, refusal, now),
  ];
  return { ...told, verdict: 'ok', remarks };
}

/** What TLS agreed on; undefined when it did not come so far. */
function secureText(
  handshake: ConnectionEvent['secure'],
  { mode, failure }: ConnectionEvent,
  now: number,
): string | undefined {
  if (mode === 'plain' && failure === undefined) return 'plain http, without TLS';
  if (handshake === undefined) return undefined;
  const { protocol, certificate } = handshake;
  if (certificate === undefined) return `${protocol}, without a certificate`;
  const { names, issuer, validTo } = certificate;
  return `${protocol}, for ${names.join(', ')}, from ${issuer}, until ${untilText(validTo, now)}`;
}

function factsOf(
  handshake: ConnectionEvent['secure'],
  { mode, failure }: ConnectionEvent,
  refusal: TransportFailure | undefined,
): Readonly<Record<string, unknown>> {
  const { protocol, certificate } = handshake ?? {};
  return {
    mode,
    trusted: mode === 'verified' && failure === undefined,
    protocol,
    names: certificate?.names,
    issuer: certificate?.issuer,
    validFrom: certificate && isoTime(certificate.validFrom),
    validTo: certificate && isoTime(certificate.validTo),
    problem: (failure ?? refusal)?.phrase,
  };
}

/** What an insecure tag is content with. */
function acceptedRemarks(
  { mode }: ConnectionEvent,
  refusal: TransportFailure | undefined,
): readonly string[] {
  if (mode === 'verified') return [];
  const because = 'because insecure transport is allowed';
  return mode === 'plain'
    ? [`plain http is spoken ${because}; credentials are not sent over it`]
    : [`${refusal?.phrase ?? 'the certificate is not trusted'}: it is accepted ${because}`];
}

function expiryRemarks(
  certificate: CertificateFacts | undefined,
  refusal: TransportFailure | undefined,
  now: number,
): readonly string[] {
  const soon = certificate !== undefined && certificate.validTo - now < SOON * DAY;
  return soon && refusal === undefined
    ? ['the certificate ends soon; after that, looks fail with TLSError until it is renewed']
    : [];
}

function isoTime(at: number): string | undefined {
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

function untilText(at: number, now: number): string {
  const day = isoTime(at)?.slice(0, 10);
  if (day === undefined) return 'an unknown day';
  const days = Math.floor((at - now) / DAY);
  return `${day} (${days < 0 ? 'over' : `${days} days`})`;
}
