import type { KeyObject } from 'node:crypto';
import { authorityExtensions } from './certificate-extensions.ts';
import {
  CLOCK_SKEW,
  DAY,
  generateKeys,
  isFresh,
  type KeyedCertificate,
  keyPem,
  type ReadCertificate,
} from './keyed-certificate.ts';
import { keyIdentifier, ORGANIZATION, signCertificate } from './sign-certificate.ts';

/** ms that an authority lasts. Ten years: whoever was told to trust it must be told again when it is replaced. */
const AUTHORITY_LIFETIME = 3_653 * DAY;
/** Bytes of the key identifier in the name: certificates of an earlier authority are then told apart by name, too. */
const NAMED_BYTES = 4;

/** Makes an authority of its own; `now` in ms since the epoch. */
export async function createAuthority(now: number): Promise<KeyedCertificate> {
  const { privateKey, publicKey } = await generateKeys();
  const subject = authorityName(publicKey);
  const validFrom = now - CLOCK_SKEW;
  const contents = {
    subject,
    issuer: subject,
    publicKey,
    validFrom,
    validTo: validFrom + AUTHORITY_LIFETIME,
    extensions: authorityExtensions(publicKey),
  };
  return {
    certificatePem: await signCertificate(contents, privateKey),
    keyPem: keyPem(privateKey),
  };
}

/** The common name of the authority with this key. */
export function authorityName(publicKey: KeyObject): string {
  const id = keyIdentifier(publicKey).subarray(0, NAMED_BYTES).toString('hex');
  return `Tagtrail private CA ${id}`;
}

/** Whether a certificate is an authority that was made here, and lasts long enough yet. */
export function isUsableAuthority({ certificate }: ReadCertificate, now: number): boolean {
  const { ca, publicKey, subject } = certificate;
  const isOurs = subject === `O=${ORGANIZATION}\nCN=${authorityName(publicKey)}`;
  return ca && isOurs && certificate.verify(publicKey) && isFresh(certificate, now);
}
