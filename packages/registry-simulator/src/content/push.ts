import type { PushedChild } from '../image/image-spec.ts';

/** A line of the ledger: at this time the tag was made to point to this digest. */
export interface Push {
  /** ms since the epoch. */
  readonly at: number;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  readonly mediaType: string;
  /** The entries of an index; empty for a single image and for verbatim documents. */
  readonly children: readonly PushedChild[];
}
