import type { FailureReason } from './check-state.ts';

/**
 * What one look at a tag taught. An expected failure is a value, never an exception.
 * Image documents are not part of it: the worker saves them before it emits the outcome.
 */
export type ImportOutcome =
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

/** An outcome with what decides whether, and in which order, it counts. */
export interface TagOutcome {
  readonly tag: string;
  /** The check generation the job carried; lower than the tag's own means edited meanwhile. */
  readonly generation: number;
  /** Issued by the store when the run started; a newer look has a greater one. */
  readonly fence: number;
  /** `from.name` that was looked up. */
  readonly from: string;
  readonly outcome: ImportOutcome;
}
