import type { FailureReason, SlotReply } from '@tagtrail/image-stream';

/** Where the answer of a job goes that somebody waits for: one slot of a requested import. */
export interface RequestSlot {
  /** UUID of the request. */
  readonly id: string;
  /** The API process that waits, as it named itself. */
  readonly replyTo: string;
  /** Counts from 0 within the request. */
  readonly slot: number;
}

/** What became of one slot. Failures of registries are answers; so is a definition that changed meanwhile. */
export type SlotAnswer =
  | {
      readonly kind: 'imported';
      /** What is committed now, or what a mere look found: digest, and pull spec pinned to it. */
      readonly image: string;
      readonly dockerImageReference: string;
    }
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly message: string }
  /** The tag or its stream was edited or deleted meanwhile: nothing was recorded. */
  | { readonly kind: 'conflict'; readonly message: string }
  | {
      readonly kind: 'listed';
      /** Every tag of the repository, by tag priority. */
      readonly tags: readonly string[];
    };

/** PORT, api side. Registers requests and hears their answers; nothing of it is ever polled. */
export interface ImportRequests extends AsyncDisposable {
  /** Name to put into `RequestSlot.replyTo`. */
  readonly replyTo: string;
  /**
   * Registers a request; its answers are taken for at most `lifetime` ms. Throws an error with `retryable` when Redis
   * is out of reach.
   */
  open(request: { readonly id: string; readonly lifetime: number }): Promise<OpenRequest>;
}

/** A registered request. Disposing of it forgets it everywhere: later answers go nowhere. */
export interface OpenRequest extends AsyncDisposable {
  readonly id: string;
  /** Resolves when the slot is filled; rejects when the process stops or the request was disposed of. */
  answer(slot: number): Promise<SlotAnswer>;
}

/** Where an answer to a delivered result goes; made by the result log, opaque to everybody else. */
export type ReplyAddress = Omit<SlotReply, 'text'>;
