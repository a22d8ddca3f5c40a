import type { ImageStream } from '@tagtrail/image-stream';

/** A moment that is known to lie between two others, ms since the epoch. */
export interface Moment {
  readonly earliest: number;
  readonly latest: number;
}

/** A line of a registry's ledger: from `at` on, `source` is `digest`, or gone. */
export interface LedgerLine {
  readonly at: number;
  /** `host/repository:tag`, as a stream spells it. */
  readonly source: string;
  readonly digest: string | undefined;
}

/** One entry of the change log. */
export interface LogEntry {
  readonly version: number;
  /** `namespace/name`. */
  readonly member: string;
  readonly before: ImageStream | undefined;
  readonly after: ImageStream | undefined;
  /** When it was committed. */
  readonly at: Moment;
}

/** Something that was done to the installation, for the trace. */
export interface Fault {
  readonly at: number;
  readonly words: string;
}

/** While it lasts, what it concerns need not be looked at in time. */
export interface Outage {
  /** A registry's host, a tag `namespace/name:tag`, or everything. */
  readonly scope: string;
  readonly from: number;
  readonly to: number;
}

export const EVERYTHING = '*';

/** A broken invariant, with the shortest trace that shows it. */
export interface Violation {
  readonly invariant: string;
  readonly words: string;
  readonly trace: readonly string[];
}

/** What one invariant was checked on, and what broke it. */
export interface Verdict {
  readonly invariant: string;
  /** How many things were compared. */
  readonly checked: number;
  readonly violations: readonly Violation[];
}
