/** Why no certificate could be given. */
export type ServingCertificateErrorCode =
  /** What shall be certified is no DNS name and no IP address, or there is nothing, or too much; the message names it. */
  | 'invalid-host'
  /** The folder can't be made, read or written; the message names the path. */
  | 'folder-not-usable';

/** The one error of this package. Trying again changes nothing. */
export class ServingCertificateError extends Error {
  override readonly name = 'ServingCertificateError';
  readonly code: ServingCertificateErrorCode;
  readonly retryable = false;

  constructor(code: ServingCertificateErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
