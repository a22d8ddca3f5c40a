import {
  type CheckState,
  type DueReason,
  type ImageStream,
  isInsecure,
  type TagImportPolicy,
} from '@tagtrail/image-stream';
import type { RequestSlot } from './import-request.ts';
import type { StreamLifeKey } from './payload-fields.ts';
import { REPOSITORY_LISTING_VERSION, type RepositoryListingJob } from './repository-listing.ts';

export interface ListingJobContext {
  /** Follows a repository: has `spec.dockerImageRepository`. */
  readonly stream: ImageStream;
  /** Check state of the listing, kept under LISTING_TAG. */
  readonly state: CheckState;
  readonly reason: DueReason;
  /** ms since the epoch. */
  readonly dueAt: number;
  readonly now: number;
}

/** The job that lists the repository which a stream follows. */
export function createListingJob(context: ListingJobContext): RepositoryListingJob {
  const { stream, state, reason, dueAt, now } = context;
  const { namespace = '', name, uid = '' } = stream.metadata;
  return {
    kind: 'repository-listing',
    version: REPOSITORY_LISTING_VERSION,
    key: { namespace, name, uid },
    generation: state.generation,
    reason,
    dueAt,
    createdAt: now,
    from: stream.spec.dockerImageRepository ?? '',
    insecure: isInsecure(stream, { importPolicy: {} }),
  };
}

export interface RequestedListingContext {
  /** Uid of the stream as it was read, or the one that it will be created under. */
  readonly key: StreamLifeKey;
  /** As it was read; undefined when there is none. */
  readonly stream: ImageStream | undefined;
  /** The repository as its author spelled it: no tag, no digest. */
  readonly from: string;
  readonly importPolicy: TagImportPolicy;
  readonly request: RequestSlot;
  /** ms since the epoch. */
  readonly now: number;
}

/** The job that lists a repository for somebody who waits. It records nothing: the imports that follow from it do. */
export function createRequestedListing(context: RequestedListingContext): RepositoryListingJob {
  const { key, stream, from, importPolicy, request, now } = context;
  const { namespace, name, uid } = key;
  return {
    kind: 'repository-listing',
    version: REPOSITORY_LISTING_VERSION,
    key: { namespace, name, uid },
    generation: 0,
    reason: 'requested',
    dueAt: now,
    createdAt: now,
    from,
    insecure: isInsecure(stream, { importPolicy }),
    request,
  };
}
