import { describeRedisError } from '@tagtrail/redis-connection';

export type ResultLogErrorCode =
  /** Redis could not be reached or could not serve; waiting may help. */
  | 'unavailable'
  /** Redis understood and said no, for instance because the key holds something else. */
  | 'refused'
  /** The log was disposed of. */
  | 'closed';

/** What this package throws. */
export class ResultLogError extends Error {
  override readonly name = 'ResultLogError';
  readonly code: ResultLogErrorCode;
  readonly retryable: boolean;

  constructor(code: ResultLogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = code === 'unavailable';
  }
}

/** Translates whatever Redis or ioredis threw during `attempt`, a phrase such as `append a result`. */
export function resultLogError(attempt: string, error: unknown): ResultLogError {
  const { message, retryable, cause } = describeRedisError(error);
  const code = retryable ? 'unavailable' : 'refused';
  return new ResultLogError(code, `could not ${attempt}: ${message}`, { cause });
}
