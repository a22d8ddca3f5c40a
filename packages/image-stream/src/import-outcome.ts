import type { FailureReason } from './check-state.ts';
import type { TagImportPolicy, TagReferencePolicy } from './image-stream.ts';

/**
 * What one look at a tag taught. An expected failure is a value, never an exception.
 * Image documents are not part of it: the worker saves them before it emits the outcome.
 */
export type LookOutcome =
  | {
      readonly kind: 'imported';
      /** Digest the registry reports for the tag. */
      readonly upstreamDigest: string;
      /** Digest recorded: the chosen child's in `Legacy` mode. */
      readonly image: string;
      /** Pull spec pinned to `image`, spelled as the user spelled it. */
      readonly dockerImageReference: string;
    }
  | { readonly kind: 'unchanged'; readonly upstreamDigest: string; readonly image: string }
  | {
      readonly kind: 'failed';
      readonly reason: FailureReason;
      /** Lower case, no secrets, at most 1 KiB. */
      readonly message: string;
      readonly retryable: boolean;
      /** ms the registry asked us to wait, clamped. */
      readonly retryAfter?: number;
    };

/** No look: the registry asked to be left alone, and is. Nothing is known of the tag but when it may be looked at. */
export interface Postponed {
  readonly kind: 'postponed';
  /** ms since the epoch. */
  readonly until: number;
  /** Lower case, no secrets, at most 1 KiB. */
  readonly message: string;
}

/** What became of a job. */
export type ImportOutcome = LookOutcome | Postponed;

/** An outcome with what decides whether, and in which order, it counts. */
export interface TagOutcome {
  readonly tag: string;
  /** The check generation the job carried; lower than the tag's own means edited meanwhile. */
  readonly generation: number;
  /** Issued by the store when the run started; a newer look has a greater one. */
  readonly fence: number;
  /** Newest fence when the look was over; the look's own when that is not known. */
  readonly endFence?: number;
  /** `from.name` that was looked up. */
  readonly from: string;
  readonly outcome: ImportOutcome;
  /** What a requested import sets besides; absent for the looks of the schedule. */
  readonly requested?: RequestedTag;
}

/** A look that was made. */
export type TagLook = TagOutcome & { readonly outcome: LookOutcome };

/** What a requested import writes into the stream together with its outcome. Source: OpenShift, ImageStreamImport. */
export interface RequestedTag {
  readonly importPolicy: TagImportPolicy;
  /** Counts where the tag has none yet. */
  readonly referencePolicy: TagReferencePolicy;
  /** Generation of the spec tag when the request was admitted; absent when there was no such tag. */
  readonly tagGeneration?: number;
  /** The stream did not exist when the request was admitted: its first outcome creates it under the job's uid. */
  readonly createsStream: boolean;
  /** Found by listing a repository: a failure is recorded without defining the tag. */
  readonly listed: boolean;
}

/** What listing a repository taught. A partial list is a failure. */
export type ListingOutcome =
  | {
      readonly kind: 'listed';
      /** By tag priority; each once. */
      readonly tags: readonly string[];
    }
  | (LookOutcome & { readonly kind: 'failed' })
  | Postponed;
