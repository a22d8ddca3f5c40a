import { describeRedisError } from '@tagtrail/redis-connection';

export type HeartbeatsErrorCode =
  /** Redis could not be reached or could not serve; waiting may help. */
  | 'unavailable'
  /** Redis understood and said no, for instance because the key holds something else. */
  | 'refused';

/** What this package throws. */
export class HeartbeatsError extends Error {
  override readonly name = 'HeartbeatsError';
  readonly code: HeartbeatsErrorCode;
  readonly retryable: boolean;

  constructor(code: HeartbeatsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = code === 'unavailable';
  }
}

/** Translates whatever Redis or ioredis threw during `attempt`, a phrase such as `note a heartbeat`. */
export function heartbeatsError(attempt: string, error: unknown): HeartbeatsError {
  const { message, retryable, cause } = describeRedisError(error);
  const code = retryable ? 'unavailable' : 'refused';
  return new HeartbeatsError(code, `could not ${attempt}: ${message}`, { cause });
}
