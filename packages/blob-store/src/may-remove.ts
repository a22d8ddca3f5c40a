import type { Digest } from '@tagtrail/image-reference';
import type { StoredBlob } from './blob-store.ts';

/** What protects a blob from being removed. */
export interface BlobUse {
  /** ms since the epoch; who opened a blob after it still wants it. */
  readonly unusedSince: number;
  /** Whether somebody in this process reads it or is about to. */
  readonly isHeld: (digest: Digest) => boolean;
}

/** Whether a blob may go, for want of room or because nothing refers to it: nobody holds it, or used it of late. */
export function mayRemove(
  blob: Pick<StoredBlob, 'digest' | 'usedAt'>,
  { unusedSince, isHeld }: BlobUse,
): boolean {
  return blob.usedAt <= unusedSince && !isHeld(blob.digest);
}
