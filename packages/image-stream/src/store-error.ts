export type StoreErrorCode =
  | 'unavailable'
  | 'expired'
  | 'damaged'
  | 'invalid-continue'
  | 'newer-format'
  | 'older-format';

/**
 * The store could not do what was asked. `expired`: the resume point or page is older than what is kept, list again;
 * `damaged`: a stored value could not be decoded; `newer-format`, `older-format`: the store is of another format than
 * the program works on.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  readonly retryable: boolean;

  constructor(code: StoreErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.retryable = code === 'unavailable';
  }
}
