/** What went wrong with a store of blobs. */
export type BlobStoreErrorCode =
  /** The store is full of blobs that are in use, or the disk is. */
  | 'no-room'
  /** More bytes than were announced. */
  | 'too-long'
  /** The bytes are not those of the digest. */
  | 'mismatch'
  /** The store cannot be read or written; the message names the folder and the cause. */
  | 'unavailable';

/** The one error of stores of blobs. */
export class BlobStoreError extends Error {
  override readonly name = 'BlobStoreError';
  readonly code: BlobStoreErrorCode;

  constructor(code: BlobStoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Whether trying again later may help. */
  get retryable(): boolean {
    return this.code === 'no-room' || this.code === 'unavailable';
  }
}
