import type { DueReason, ImportMode, RequestedTag, TagKey } from '@tagtrail/image-stream';
import type { RequestSlot } from './import-request.ts';

/** Version of the payload; a worker refuses one it does not know. */
export const IMPORT_JOB_VERSION = 1;

/** What the producer asks for: one tag, once. Holds no secret. */
export interface ImportJob {
  readonly version: typeof IMPORT_JOB_VERSION;
  readonly key: TagKey;
  /** The tag's check generation when the job was made: a result of a lower one is stale. */
  readonly generation: number;
  /** 0 for scheduled jobs; counts requested imports of the same generation. */
  readonly requestCount: number;
  readonly reason: DueReason;
  /** ms since the epoch: when the tag became due, and when the job was made. */
  readonly dueAt: number;
  readonly createdAt: number;
  /** `from.name` as the user spelled it. */
  readonly from: string;
  readonly insecure: boolean;
  readonly importMode: ImportMode;
  readonly preferArchitecture?: string;
  readonly preferOs?: string;
  /** What the record knows, so that an unchanged tag costs one HEAD. */
  readonly known?: { readonly upstreamDigest: string; readonly image: string };
  /** Somebody waits for the answer. */
  readonly request?: RequestSlot;
  /** What a requested import sets in the stream; absent in a mere look, which records nothing. */
  readonly records?: RequestedTag;
}
