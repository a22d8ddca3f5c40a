export type RedisConnectionErrorCode =
  /** The URL cannot be used; the message names the part, never its value. */
  | 'invalid-url'
  /** A slot name that would not stay one hash tag. */
  | 'invalid-slot'
  /** No usable connection within the wait limit. */
  | 'unavailable'
  /** The connection was disposed of. */
  | 'closed';

/** What this package throws. `retryable` is true when waiting may help: only for `unavailable`. */
export class RedisConnectionError extends Error {
  override readonly name = 'RedisConnectionError';
  readonly code: RedisConnectionErrorCode;
  readonly retryable: boolean;

  constructor(code: RedisConnectionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = code === 'unavailable';
  }
}
