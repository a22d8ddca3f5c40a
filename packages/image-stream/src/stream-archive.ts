import type { CheckState } from './check-state.ts';
import type { ImageStream, TagEvent } from './image-stream.ts';
import type { StreamKey, TagKey } from './image-stream-store.ts';

/** A stream at one moment, but for its histories: those are read behind it, page by page, as they were at that moment. */
export interface StreamSnapshot {
  readonly stream: ImageStream;
  /** Check states that cannot be read are left out. */
  readonly checks: ReadonlyMap<string, CheckState>;
  /** Tag, also a removed one → its history. */
  readonly histories: ReadonlyMap<string, HistorySnapshot>;
}

export interface HistorySnapshot {
  readonly length: number;
  /** The only event that a later change may amend. */
  readonly newest: TagEvent;
}

/** What every number in an archive lies at or below. */
export interface ArchiveMarks {
  /** Names the archive: whoever restores it again, after an interruption, restores the same one. */
  readonly archive: string;
  readonly resourceVersion: number;
  readonly fence: number;
}

export interface HistoryPiece {
  readonly key: TagKey;
  /** Index of the first event, counted from the newest. */
  readonly offset: number;
  readonly events: readonly TagEvent[];
}

/** A stream to be put back with the uid, times and generations that it had. */
export interface StreamRestore {
  readonly archive: string;
  readonly stream: ImageStream;
  readonly checks: ReadonlyMap<string, CheckState>;
  /** Tag → how many events were staged for it. */
  readonly histories: ReadonlyMap<string, number>;
  /** For tags whose image has no document: they are looked at from scratch. ms since the epoch. */
  readonly now: number;
  /** What to do when there is a stream of that name: leave it and say so, or put the archive's in its place. */
  readonly existing: 'keep' | 'replace';
}

/**
 * `exists`: nothing was written, a stream of that name is there. `incomplete`: some of its history was not staged, or so
 * long ago that it is gone. `foreign-uid`: another stream of this store has its uid.
 */
export type RestoreResult = 'restored' | 'exists' | 'incomplete' | 'foreign-uid';

/** PORT. Streams as a whole, for backup and restore. Throws StoreError. */
export interface StreamArchive {
  /** The names of streams behind `after`, in order; without a namespace, of all. At most `limit`. */
  names(query: {
    readonly namespace?: string;
    readonly after?: StreamKey;
    readonly limit: number;
  }): Promise<readonly StreamKey[]>;
  /** The version of the newest change. */
  version(): Promise<string>;
  /** Undefined when there is no such stream. Throws StoreError `damaged` when its record cannot be read. */
  snapshot(key: StreamKey): Promise<StreamSnapshot | undefined>;
  /** Events of a snapshot's history, newest first; undefined when the stream was deleted since and its history freed. */
  events(
    snapshot: StreamSnapshot,
    page: { readonly tag: string; readonly offset: number; readonly limit: number },
  ): Promise<readonly TagEvent[] | undefined>;
  /**
   * To be called before anything of an archive is restored: numbers that the archive holds are never issued again. Answers
   * whether its streams keep their resourceVersions: when there was no stream before this archive's.
   */
  begin(marks: ArchiveMarks): Promise<boolean>;
  /** Puts events where `restore` finds them, in order, and nobody else; false when it is not the next piece. */
  stage(piece: HistoryPiece): Promise<boolean>;
  /** Puts one stream back, whole or not at all. Documents must be there before, or are missed by those who want them. */
  restore(restore: StreamRestore): Promise<RestoreResult>;
}
