export { CertificateError } from './certificate-error.ts';
export { type CertificateSettings, readServedCertificate } from './read-served-certificate.ts';
export type { ServedCertificate } from './served-certificate.ts';
export { type TlsOrPlainOptions, TlsOrPlainServer } from './tls-or-plain-server.ts';
