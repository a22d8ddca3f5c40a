import { execFileSync } from 'node:child_process';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

export interface TestCertificate {
  readonly key: string;
  readonly cert: string;
}

/**
 * A fresh self-signed certificate for `name` (an address by default), from the `openssl` command: Node can read
 * certificates but not issue them. Throws when the command is missing.
 */
export function issueTestCertificate(name = 'IP:127.0.0.1'): TestCertificate {
  const pem = execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-days', '2', '-subj', '/CN=tagtrail test', '-addext', `subjectAltName=${name}`],
      ...['-keyout', '-', '-out', '-'],
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const end = pem.indexOf('-----BEGIN CERTIFICATE-----');
  return { key: pem.slice(0, end), cert: pem.slice(end) };
}

/** Makes every client of this test's process trust the certificate. */
export function trustTestCertificate({ cert }: TestCertificate): void {
  setDefaultCACertificates([...getCACertificates(), cert]);
}
