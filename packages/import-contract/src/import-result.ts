import type {
  DueReason,
  ImportOutcome,
  Receipt,
  RequestedTag,
  TagKey,
} from '@tagtrail/image-stream';
import type { ReplyAddress, RequestSlot } from './import-request.ts';
import type { RepositoryListingResult } from './repository-listing.ts';

export const IMPORT_RESULT_VERSION = 1;

/** Versioned envelope on the result log. `fence` was issued when the run started and is the event id. */
export interface ImportResult {
  readonly version: typeof IMPORT_RESULT_VERSION;
  readonly fence: number;
  readonly key: TagKey;
  readonly generation: number;
  readonly requestCount: number;
  readonly reason: DueReason;
  /** ms since the epoch. */
  readonly dueAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly registry: string;
  readonly from: string;
  readonly outcome: ImportOutcome;
  /** As in the job. A result with a request and without `records` is a mere look: it records nothing. */
  readonly request?: RequestSlot;
  readonly records?: RequestedTag;
}

export interface DeliveredResult {
  readonly result: ImportResult;
  readonly receipt: Receipt;
  /** How often this entry was delivered; 1 the first time. */
  readonly deliveries: number;
  /** The newest fence when the result was appended: every look that began later has a greater one. */
  readonly endFence?: number;
  /** Present when somebody waits for the answer. */
  readonly replyAddress?: ReplyAddress;
}

export interface DeliveredListing {
  readonly result: RepositoryListingResult;
  readonly receipt: Receipt;
  readonly deliveries: number;
  readonly replyAddress?: ReplyAddress;
}

/** An entry that could not be decoded; it goes to the dead letters. */
export interface UndecodableEntry {
  readonly receipt: Receipt;
  readonly problem: string;
}

export interface ResultBatch {
  readonly results: readonly DeliveredResult[];
  readonly listings: readonly DeliveredListing[];
  readonly undecodable: readonly UndecodableEntry[];
}

export interface ResultLogStats {
  /** Entries not yet delivered, or -1 when the server cannot say. */
  readonly lag: number;
  readonly pending: number;
  readonly length: number;
  readonly deadLetters: number;
  /** ms since the oldest pending entry was delivered; 0 when none. */
  readonly oldestPending: number;
}
