import type { DueReason, ListingOutcome, StreamKey } from '@tagtrail/image-stream';
import type { RequestSlot } from './import-request.ts';

export const REPOSITORY_LISTING_VERSION = 1;

/** Asks for the names of all tags of one repository, for a stream that follows it or for a request. Holds no secret. */
export interface RepositoryListingJob {
  readonly kind: 'repository-listing';
  readonly version: typeof REPOSITORY_LISTING_VERSION;
  readonly key: StreamKey & { readonly uid: string };
  /** Check generation of the stream's listing when the job was made; 0 for a request. */
  readonly generation: number;
  readonly reason: DueReason;
  /** ms since the epoch. */
  readonly dueAt: number;
  readonly createdAt: number;
  /** The repository as the user spelled it: no tag, no digest. */
  readonly from: string;
  readonly insecure: boolean;
  readonly request?: RequestSlot;
}

/** Versioned envelope of what a listing job learned, on the same log as import results. */
export interface RepositoryListingResult {
  readonly kind: 'repository-listing';
  readonly version: typeof REPOSITORY_LISTING_VERSION;
  readonly fence: number;
  readonly key: StreamKey & { readonly uid: string };
  readonly generation: number;
  readonly reason: DueReason;
  readonly dueAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly registry: string;
  readonly from: string;
  readonly outcome: ListingOutcome;
  readonly request?: RequestSlot;
}
