export type { ServingCertificate, ServingCertificateOptions } from './open-serving-certificate.ts';
export { openServingCertificate } from './open-serving-certificate.ts';
export type { ServingCertificateErrorCode } from './serving-certificate-error.ts';
export { ServingCertificateError } from './serving-certificate-error.ts';
