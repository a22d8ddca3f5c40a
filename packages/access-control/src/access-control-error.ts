/** What went wrong with access tokens. */
export type AccessControlErrorCode =
  /** The store does not answer; worth another try. */
  | 'unavailable'
  /** What is stored of a token cannot be read; the message names its id. */
  | 'damaged';

/** The one error of access control. No message holds a token's text or a hash. */
export class AccessControlError extends Error {
  override readonly name = 'AccessControlError';
  readonly code: AccessControlErrorCode;
  readonly retryable: boolean;

  constructor(code: AccessControlErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = code === 'unavailable';
  }
}
