import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate, with its chain, and its key: both PEM, and they belong together. */
export interface ServedCertificate {
  readonly certificatePem: string;
  readonly keyPem: string;
  /** ms since the epoch. */
  readonly expires: number;
  /** Whether it is for this DNS name or IP address; wildcards count. */
  covers(host: string): boolean;
}

/** Reads what is certified off the first certificate of a chain. Throws when there is none. */
export function createServedCertificate(certificatePem: string, keyPem: string): ServedCertificate {
  const certificate = new X509Certificate(certificatePem);
  return {
    certificatePem,
    keyPem,
    expires: certificate.validToDate.getTime(),
    covers(host) {
      // A subject's common name has long ceased to be a host name.
      const found =
        isIP(host) === 0
          ? certificate.checkHost(host, { subject: 'never' })
          : certificate.checkIP(host);
      return found !== undefined;
    },
  };
}
