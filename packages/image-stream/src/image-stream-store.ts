import type { CheckState } from './check-state.ts';
import type { HostCoolDown } from './cool-down.ts';
import type { ImageDocument } from './image-document.ts';
import type { ImageStream, TagEvent } from './image-stream.ts';
import type { StopSignal } from './stop-signal.ts';

/** `namespace` and `name` of a stream. */
export interface StreamKey {
  readonly namespace: string;
  readonly name: string;
}

/** One importable tag of one stream incarnation. */
export interface TagKey extends StreamKey {
  readonly uid: string;
  readonly tag: string;
}

/** Proof of delivery of a log entry; the store acknowledges it in the same atomic write. Opaque to the model. */
export interface Receipt {
  readonly log: string;
  readonly group: string;
  readonly entry: string;
}

/** An answer that somebody waits for, given in the same atomic write. Keys are the log's; opaque to the model. */
export interface SlotReply {
  /** Where the request is registered; gone when nobody waits any more, and then nothing is answered. */
  readonly request: string;
  /** Stream on which the waiting process hears of it. */
  readonly replies: string;
  readonly id: string;
  readonly slot: number;
  readonly text: string;
}

/** What becomes of a tag's check state and place in the schedule. `state: null` forgets the tag. */
export interface CheckChange {
  readonly tag: string;
  /** Due host before the change, when it may differ from the new one (edit, removal). */
  readonly previousHost?: string;
  readonly state: CheckState | null;
}

/** An event to append to a tag's whole history. */
export interface HistoryAppend {
  readonly tag: string;
  /** `append` adds a stay; `amend` replaces the newest one (same digest or reference rules). */
  readonly kind: 'append' | 'amend';
  readonly event: TagEvent;
}

/**
 * One atomic change of one stream. `before`/`after` are whole objects: absent before = create, absent after = delete.
 * When `after` equals `before` in resourceVersion and content (`recordUnchanged`), only checks, schedule and receipts move.
 */
export interface StreamChange {
  readonly key: StreamKey;
  readonly before: ImageStream | undefined;
  readonly after: ImageStream | undefined;
  readonly recordUnchanged?: boolean;
  readonly checks: readonly CheckChange[];
  /** CheckState as it was read, packed form compared whole; a difference is a conflict. Undefined: none, or none readable. */
  readonly expectedChecks?: ReadonlyMap<string, CheckState | undefined>;
  readonly history: readonly HistoryAppend[];
  readonly receipts: readonly Receipt[];
  readonly replies?: readonly SlotReply[];
}

export type CommitResult =
  | {
      readonly kind: 'committed';
      readonly stream: ImageStream | undefined;
      readonly resourceVersion: string;
    }
  | { readonly kind: 'conflict' }
  /** Documents that appended events need are gone: nothing was written; look at their tags again. */
  | { readonly kind: 'missing-image'; readonly digests: readonly string[] }
  /** Replies, by index, whose slot was filled before (a second delivery): nothing was written. */
  | { readonly kind: 'answered'; readonly replies: readonly number[] }
  /** A stream of this uid was deleted not long ago: nothing was written, for it must not come back. */
  | { readonly kind: 'gone' };

/** A whole-state compare-and-set of one check: no record write, no resourceVersion. */
export interface Touch {
  readonly key: TagKey;
  readonly before: CheckState;
  readonly after: CheckState;
  readonly receipt: Receipt;
}

export interface StreamList {
  readonly items: readonly ImageStream[];
  /** The first page's version: a watch from here misses nothing. */
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export interface ListQuery {
  readonly namespace?: string;
  /** At most this many; the store has its own upper bound. */
  readonly limit?: number;
  readonly continue?: string;
}

/** One entry of the change log. `before` is absent for a creation, `after` for a deletion. */
export interface StreamEvent {
  readonly resourceVersion: string;
  readonly key: StreamKey;
  readonly before: ImageStream | undefined;
  readonly after: ImageStream | undefined;
}

/** PORT. Durable ImageStream records. Throws StoreError (`code`) on broken infrastructure and expired resume points. */
export interface ImageStreamStore extends AsyncDisposable {
  read(key: StreamKey): Promise<ImageStream | undefined>;
  list(query: ListQuery): Promise<StreamList>;
  commit(change: StreamChange): Promise<CommitResult>;
  /**
   * Every change after `resourceVersion`, in order, once each, until aborted. Batches as they come.
   * Throws StoreError `expired` when the point is no longer contiguous with the log.
   */
  watch(resourceVersion: string, signal: StopSignal): AsyncIterable<readonly StreamEvent[]>;
  /** Newest first; `before` is an index from the newest for paging. At most `limit` (≤ 1000). */
  history(
    key: TagKey,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<readonly TagEvent[]>;
}

/** PORT. Image documents, content-addressed. */
export interface ImageDocumentStore {
  /** Writes documents that a coming commit refers to; they expire after a grace period unless a commit keeps them. */
  save(documents: readonly ImageDocument[]): Promise<void>;
  read(digest: string): Promise<ImageDocument | undefined>;
  /** Whether a tag of the stream incarnation was ever at this image, or at one that it is part of; removed tags count. */
  belongsTo(uid: string, digest: string): Promise<boolean>;
  /** Frees what deleted streams held; at most `limit` streams a call. Answers how many documents lost their last user. */
  collect(limit: number): Promise<number>;
}

/** Referrers of an image that a registry listed. Source: OCI distribution-spec, "Listing Referrers". */
export interface KnownReferrers {
  /** Descriptors as JSON, in the registry's order. */
  readonly list: string;
  /** Digests in them. */
  readonly digests: readonly string[];
}

/** PORT. Referrers of the images of streams, for when the registry that listed them does not answer; forgotten when unused. */
export interface ReferrerStore {
  save(uid: string, subject: string, referrers: KnownReferrers): Promise<void>;
  /** The list as it was saved. */
  read(uid: string, subject: string): Promise<string | undefined>;
  /** What a manifest was listed as referrer of; undefined when it never was, in this stream. */
  subjectOf(uid: string, referrer: string): Promise<string | undefined>;
  /** Every manifest that was listed as a referrer in this stream. */
  listed(uid: string): Promise<readonly string[]>;
}

/** PORT. Which repositories, as `registry/repository`, have delivered a blob whole; forgotten when nobody asks for long. */
export interface BlobOriginStore {
  add(digest: string, repository: string): Promise<void>;
  /** Whether any of these has. */
  deliveredBy(digest: string, repositories: readonly string[]): Promise<boolean>;
}

/** PORT. Check states, outside the record. One that cannot be read counts as absent: it is made again, not waited for. */
export interface CheckStore {
  readChecks(uid: string): Promise<ReadonlyMap<string, CheckState>>;
  readCheck(keys: readonly TagKey[]): Promise<readonly (CheckState | undefined)[]>;
  /** How many tags have which outcome as that of their last look, kept with every write; none that is 0. Listings don't count. */
  outcomes(): Promise<Readonly<Record<string, number>>>;
  /** Answers index-aligned: `touched`, or `conflict` when the state was not as expected any more. */
  touch(touches: readonly Touch[]): Promise<readonly ('touched' | 'conflict')[]>;
}

/** A tag taken from the schedule under a lease. */
export interface ClaimedTag extends StreamKey {
  readonly tag: string;
  readonly host: string;
  readonly dueAt: number;
  /** True when an earlier lease of this tag ran out without an outcome. */
  readonly leaseExpired: boolean;
  /** ms since the epoch; with the tag it names this claim: whoever moves the tag in the schedule ends it. */
  readonly leaseEnd: number;
}

export interface ClaimRequest {
  readonly now: number;
  /** ms; due becomes now + lease. */
  readonly lease: number;
  /** Unexpired leases allowed per host. */
  readonly perHost: number;
  /** Tags taken at most in all. */
  readonly limit: number;
}

export interface ClaimResult {
  readonly tags: readonly ClaimedTag[];
  /** True when some host had more due than its cap or the limit allowed. */
  readonly more: boolean;
}

export interface ScheduleStats {
  readonly scheduled: number;
  readonly due: number;
  /**
   * ms by which the earliest due entry that is not under a lease is late; 0 when none is. Hosts in a cool-down don't
   * count: what is late there waits for nobody's work.
   */
  readonly lag: number;
  readonly leased: number;
  /** Due for longer than the grace and not taken, at hosts that may be asked. */
  readonly stale: number;
  /** Due before the cool-down of their host is over, or right after it. */
  readonly blocked: number;
  /** Those that last, by their ends; also of hosts where nothing is scheduled. */
  readonly coolDowns: readonly HostCoolDown[];
  /** The tag that has waited longest, of those that are due and that no job has taken; absent when there is none. */
  readonly oldest?: {
    readonly key: StreamKey & { readonly tag: string };
    readonly host: string;
    /** ms since the epoch. */
    readonly due: number;
  };
  readonly hosts: readonly {
    readonly host: string;
    readonly scheduled: number;
    readonly due: number;
    readonly leased: number;
    readonly stale: number;
    readonly blocked: number;
    /** ms by which its earliest due entry that no job has taken is late, cool-down or not; 0 when none is. */
    readonly overdueFor: number;
  }[];
}

/** PORT. The self-healing schedule: a claim is a lease, never a removal. */
export interface ImportSchedule {
  claim(request: ClaimRequest): Promise<ClaimResult>;
  /** ms since the epoch of the earliest due entry of any host, or undefined. */
  nextDue(): Promise<number | undefined>;
  /** Gives claimed tags back: due at `at`, lease ended. A tag that was moved or claimed since stays where it is. */
  release(tags: readonly { readonly claim: ClaimedTag; readonly at: number }[]): Promise<void>;
  /** Takes claimed tags out of the schedule, which nothing wants looked at; under the same condition. */
  forget(claims: readonly ClaimedTag[]): Promise<void>;
  stats(now: number): Promise<ScheduleStats>;
  /** Cool-downs that last at `now` (ms since the epoch), by their ends. */
  coolDowns(now: number): Promise<readonly HostCoolDown[]>;
}
