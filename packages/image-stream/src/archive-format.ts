import type { CheckState } from './check-state.ts';
import type { ImageDocument } from './image-document.ts';
import type { ImageStream, TagEvent } from './image-stream.ts';

/**
 * The file that an export is: lines of JSON. A header, then entries (each stream after its histories), then a trailer
 * with the SHA-256 of every byte before it, and of itself. Whoever changes what a line means raises the version. 1: no image documents, so
 * tags are looked at from scratch; 2: each stream after the documents of its images.
 */
export const ARCHIVE_VERSION = 2;
/** Versions that can be imported. */
export const READABLE_ARCHIVES: readonly number[] = [1, 2];
/** Bytes of a line: the object of a stream of 1000 tags with 50 events each stays below half of it. */
export const MAX_ARCHIVE_LINE = 32 * 1024 * 1024;

/**
 * What versions and fences of an archive lie below. A store counts on from them, exactly up to 2^53, and a damaged archive
 * must not move its counters near that. At a thousand changes a second a version gets there after 300 years.
 */
export const ARCHIVE_BOUNDS = { resourceVersion: 1e13, fence: 2 ** 50 } as const;

export const ARCHIVE_HEADER = 'TagtrailExport';
export const ARCHIVE_TRAILER = 'TagtrailExportEnd';

export interface ArchiveHeader {
  readonly kind: typeof ARCHIVE_HEADER;
  readonly version: number;
  /** RFC 3339. */
  readonly exportedAt: string;
  /** The newest change when the export began. */
  readonly resourceVersion: string;
  /** The only namespace in it; absent when all are. */
  readonly namespace?: string;
}

/** Events of one tag, newest first; the pieces of a history come in order. */
export interface ArchivedHistory {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly tag: string;
  /** Index of the first event, counted from the newest. */
  readonly offset: number;
  readonly events: readonly TagEvent[];
}

export interface ArchivedStream {
  readonly object: ImageStream;
  readonly checks: readonly { readonly tag: string; readonly state: CheckState }[];
  /** How many events the histories have that came before. */
  readonly histories: readonly { readonly tag: string; readonly events: number }[];
}

/** A stream whose record could not be read: it is not in the export. */
export interface UnreadableStream {
  readonly namespace: string;
  readonly name: string;
}

export type ArchiveEntry =
  | { readonly history: ArchivedHistory }
  | { readonly stream: ArchivedStream }
  | { readonly image: ImageDocument }
  | { readonly unreadable: UnreadableStream };

export interface ArchiveCounts {
  readonly streams: number;
  readonly events: number;
  readonly images: number;
  readonly unreadable: number;
}

export interface ArchiveTrailer extends ArchiveCounts {
  readonly kind: typeof ARCHIVE_TRAILER;
  /** The highest resourceVersion of a stream in it, and the highest fence of a check state. */
  readonly resourceVersion: number;
  readonly fence: number;
  /** Hex, of every byte before this line. */
  readonly sha256: string;
  /** Hex, of this line without this member, which is its last; absent from older exports. */
  readonly trailerSha256?: string;
}
