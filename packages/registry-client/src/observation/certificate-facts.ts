import type { PeerCertificate } from 'node:tls';
import { safeText } from '../reply/registry-text.ts';
import type { CertificateFacts } from './registry-event.ts';

/** Names kept: certificates of content networks have a hundred. */
const NAMES = 8;
const NAME_KIND = /^(?:DNS|IP Address):/;

/** What people want to know of a certificate; undefined when the other side sent none. */
export function certificateFacts(
  certificate: Partial<PeerCertificate>,
): CertificateFacts | undefined {
  const { subject, issuer, valid_from, valid_to } = certificate;
  if (subject === undefined || valid_from === undefined || valid_to === undefined) return undefined;
  const alternatives = (certificate.subjectaltname ?? '')
    .split(', ')
    .filter((name) => NAME_KIND.test(name))
    .slice(0, NAMES)
    .map((name) => safeText(name.replace(NAME_KIND, '')));
  return {
    names: alternatives.length > 0 ? alternatives : [textOf(subject.CN)],
    issuer: [textOf(issuer?.O), textOf(issuer?.CN)].filter((part) => part !== '').join(', '),
    validFrom: Date.parse(valid_from),
    validTo: Date.parse(valid_to),
  };
}

/** A name may have several values of one kind. */
function textOf(value: string | readonly string[] | undefined): string {
  return safeText([value ?? []].flat().join(', '));
}
