import type { Readable } from 'node:stream';
import type { Digest } from '@tagtrail/image-reference';

/** Part of a blob, in bytes; both ends belong to it. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What is known of a blob without opening it. */
export interface StoredBlob {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /**
   * ms since the epoch of the last time that somebody opened or stored it, as far as this process knows. What others on the
   * same store use is known to `remove`, to a few minutes.
   */
  readonly usedAt: number;
}

/**
 * A verified blob that stays where it is until it is disposed of, whatever is evicted or collected meanwhile. Reads that
 * are under way then go on to their end, and hold it so long; disposing does not wait for them.
 */
export interface HeldBlob extends AsyncDisposable {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /**
   * The bytes of `range`, or all of them. Nothing is hashed: that was done before the blob counted as stored. The stream must
   * be read to its end or destroyed. Throws RangeError when the blob has no such range; the stream, BlobStoreError.
   */
  read(range?: ByteRange): Readable;
  /**
   * Fills `target` from `position` of the blob on, and resolves with how many bytes there were: fewer than there is room for
   * only at its end. For whoever uses the same memory again and again. Throws RangeError unless it begins within the blob, and
   * BlobStoreError.
   */
  readInto(target: Uint8Array, position: number): Promise<number>;
}

/**
 * A blob on its way in. Nobody else finds it until it is committed; disposing of one that was not takes it away.
 * But for `write` and `readAt`, calls are made one after the other.
 */
export interface BlobDraft extends AsyncDisposable {
  /** Bytes that were written so far. */
  readonly written: number;
  /**
   * Appends, in the order of the calls, also while earlier ones wait. Resolves when the bytes can be read back, which may be
   * before they are written: they must not change any more. `written` counts them at once.
   * Throws BlobStoreError `too-long`, and `no-room` or `unavailable` also for what an earlier call gave; then nothing more
   * can be done with the draft but to dispose of it.
   */
  write(chunk: Uint8Array): Promise<void>;
  /** At most `length` of the bytes from `position` on that were written; may be called while others write and read. */
  readAt(position: number, length: number): Promise<Buffer>;
  /**
   * Throws BlobStoreError `mismatch` unless what was written has the size and the digest that were announced. Once there is
   * all of it, nothing more can be written.
   */
  verify(): void;
  /** Verifies, makes it durable and known. After it the blob can be opened, also by other processes. */
  commit(): Promise<void>;
}

/** How full a store is. */
export interface StorageUsage {
  readonly blobs: number;
  /** Bytes of all blobs and drafts. */
  readonly bytes: number;
  /** Bytes that they may take. */
  readonly quota: number;
}

/** PORT. Blobs by digest, each verified before it counts. Throws {@link BlobStoreError}. */
export interface BlobStore extends AsyncDisposable {
  /** Undefined when it is not stored. */
  open(digest: Digest): Promise<HeldBlob | undefined>;
  /** Makes room for a blob of `size` bytes, by eviction if it must. Throws BlobStoreError `no-room`. */
  create(digest: Digest, size: number): Promise<BlobDraft>;
  /** Everything that is stored, in no order. */
  list(): AsyncIterable<StoredBlob>;
  /** Removes a blob, unless somebody holds it or opened it after `unusedSince` (ms since the epoch). Whether it did. */
  remove(digest: Digest, unusedSince: number): Promise<boolean>;
  /** From memory; exact to what other processes on the same store did within a minute. */
  usage(): StorageUsage;
}
