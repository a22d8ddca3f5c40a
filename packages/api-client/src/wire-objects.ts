import type { ListMeta, ObjectMeta } from '@tagtrail/apimachinery';
import type { FreshnessState, ImageStream, LastOutcome, TagEvent } from '@tagtrail/image-stream';

/** A page of streams. */
export interface ImageStreamList {
  readonly kind: 'ImageStreamList';
  readonly apiVersion: string;
  readonly metadata: ListMeta;
  readonly items: readonly ImageStream[];
}

/** What is known about looking at one spec tag. Times are RFC 3339 with milliseconds. */
export interface TagCheck {
  readonly tag: string;
  /** `''` = the host's default interval, null = not looked at again. */
  readonly schedule: string | null;
  readonly suspended: boolean;
  readonly host: string;
  readonly lastChecked: string | null;
  readonly lastChanged: string | null;
  readonly nextDue: string | null;
  /** Consecutive failures. */
  readonly attempts: number;
  readonly outcome: LastOutcome;
  readonly message: string;
  readonly upstreamDigest: string | null;
  readonly image: string | null;
  /** Absent from older APIs. */
  readonly freshness?: TagFreshness;
}

/** How far what is recorded of a tag can be believed to be what its registry has now. Times are RFC 3339. */
export interface TagFreshness {
  readonly state: FreshnessState;
  /** `Stale`: since when a look is due; `Failing`: since when looks fail, where that is known. */
  readonly since?: string;
  /** `Blocked`: when the registry may be asked again. */
  readonly until?: string;
  /** `Failing`: of the last look. */
  readonly reason?: string;
}

/** The check states of one stream's tags. */
export interface ImageStreamCheck {
  readonly kind: 'ImageStreamCheck';
  readonly apiVersion: 'tagtrail.dev/v1';
  readonly metadata: ObjectMeta;
  readonly tags: readonly TagCheck[];
}

/** A page of a tag's whole history, newest first. */
export interface ImageStreamHistory {
  readonly kind: 'ImageStreamHistory';
  readonly apiVersion: 'tagtrail.dev/v1';
  /** `name` is `stream:tag`. */
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly continue?: string;
  };
  readonly items: readonly TagEvent[];
}

/** The jobs of one queue. */
export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
  readonly completed: number;
  /** ms. */
  readonly oldestWait: number;
}

/** The numbers of the queues, the result log and the schedule at one moment. Times in ms. */
export interface QueueReport {
  readonly queue: QueueCounts;
  /** Imports that somebody waits for. */
  readonly requested: QueueCounts;
  readonly results: {
    /** -1 when the server cannot say. */
    readonly lag: number;
    readonly pending: number;
    readonly length: number;
    readonly deadLetters: number;
    readonly oldestPending: number;
  };
  readonly schedule: {
    readonly scheduled: number;
    readonly due: number;
    readonly lag: number;
    readonly leased: number;
    readonly hosts: readonly {
      readonly host: string;
      readonly scheduled: number;
      readonly due: number;
      readonly leased: number;
    }[];
  };
  /** RFC 3339. */
  readonly at: string;
}
