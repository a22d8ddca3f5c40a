import { describeRedisError } from '@tagtrail/redis-connection';

export type ImportQueueErrorCode =
  /** Redis could not be reached or could not serve; waiting may help. */
  | 'unavailable'
  /** Redis or BullMQ said no. */
  | 'refused'
  /** A job ended without an outcome: its run threw, it stalled too often or its payload is none. */
  | 'job-failed';

/** What this package throws and reports. */
export class ImportQueueError extends Error {
  override readonly name = 'ImportQueueError';
  readonly code: ImportQueueErrorCode;
  readonly retryable: boolean;

  constructor(code: ImportQueueErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = code === 'unavailable';
  }
}

/** Translates whatever Redis, ioredis or BullMQ threw during `attempt`, a phrase such as `enqueue imports`. */
export function importQueueError(attempt: string, error: unknown): ImportQueueError {
  const { message, retryable, cause } = describeRedisError(error);
  const code = retryable ? 'unavailable' : 'refused';
  return new ImportQueueError(code, `could not ${attempt}: ${message}`, { cause });
}
