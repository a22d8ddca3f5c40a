import { authorityName } from './authority.ts';
import { serverExtensions } from './certificate-extensions.ts';
import type { CertifiedHost } from './certified-host.ts';
import {
  CLOCK_SKEW,
  DAY,
  generateKeys,
  isFresh,
  type KeyedCertificate,
  keyPem,
  type ReadCertificate,
} from './keyed-certificate.ts';
import { signCertificate } from './sign-certificate.ts';

/** ms that a server's certificate lasts: a day less than the 398 that browsers accept at most. */
const SERVER_LIFETIME = 397 * DAY;
/** Nobody looks at it: names that count are among the alternative ones. */
const SUBJECT = 'Tagtrail API';

export interface ServerWish {
  readonly hosts: readonly CertifiedHost[];
  /** ms since the epoch. */
  readonly now: number;
}

/** Makes a server's certificate with a new key; it does not outlive its authority. */
export async function createServerCertificate(
  authority: ReadCertificate,
  { hosts, now }: ServerWish,
): Promise<KeyedCertificate> {
  const { privateKey, publicKey } = await generateKeys();
  const validFrom = now - CLOCK_SKEW;
  const { publicKey: authorityKey, validToDate } = authority.certificate;
  const contents = {
    subject: SUBJECT,
    issuer: authorityName(authorityKey),
    publicKey,
    validFrom,
    validTo: Math.min(validFrom + SERVER_LIFETIME, validToDate.getTime()),
    extensions: serverExtensions({ publicKey, authorityKey, hosts }),
  };
  return {
    certificatePem: await signCertificate(contents, authority.key),
    keyPem: keyPem(privateKey),
  };
}

/** Whether a certificate was signed by this authority, is for exactly these hosts, and lasts long enough yet. */
export function isUsableServerCertificate(
  { certificate }: ReadCertificate,
  { certificate: authority }: ReadCertificate,
  { hosts, now }: ServerWish,
): boolean {
  const isSigned = certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
  const names = certificate.subjectAltName?.split(', ') ?? [];
  const isForAll = hosts.every(({ kind, name }) =>
    kind === 'dns' ? certificate.checkHost(name) : certificate.checkIP(name),
  );
  return isSigned && names.length === hosts.length && isForAll && isFresh(certificate, now);
}
