import { createPrivateKey, generateKeyPair, type KeyObject, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';

/** ms in a day. */
export const DAY = 86_400_000;
/**
 * ms before its end from which on a certificate is replaced at the next start. A month is what a service may run
 * without a restart, and what a person may need to notice.
 */
const RENEWAL_MARGIN = 30 * DAY;
/** ms by which a certificate begins before it is made: clocks of containers and other machines may be behind. */
export const CLOCK_SKEW = 3_600_000;

/** A certificate and the private key it is about, as PEM. */
export interface KeyedCertificate {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** The same, understood. */
export interface ReadCertificate {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

/** A new ECDSA key on P-256: every client of today understands it, and handshakes are cheap. */
export function generateKeys(): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> {
  return promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
}

export function keyPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Undefined when one of the two is damaged, or when they do not belong together: a start was cut off between them. */
export function readKeyedCertificate(pair: KeyedCertificate): ReadCertificate | undefined {
  try {
    const certificate = new X509Certificate(pair.certificatePem);
    const key = createPrivateKey(pair.keyPem);
    return certificate.checkPrivateKey(key) ? { certificate, key } : undefined;
  } catch {
    return undefined; // not PEM: there is nothing to keep
  }
}

/** Whether a certificate is valid now and long enough yet; `now` in ms since the epoch. */
export function isFresh({ validFromDate, validToDate }: X509Certificate, now: number): boolean {
  return validFromDate.getTime() <= now && validToDate.getTime() - now > RENEWAL_MARGIN;
}
