import { createHash } from 'node:crypto';
import {
  ARCHIVE_TRAILER,
  type ArchiveCounts,
  type ArchiveEntry,
  type ArchiveTrailer,
} from '@tagtrail/image-stream';

type Counts = { -readonly [K in keyof ArchiveCounts]: ArchiveCounts[K] };

const encoder = new TextEncoder();

/** Writes the lines of an export, and keeps count of them for the last one. */
export class LineWriter {
  readonly #hash = createHash('sha256');
  readonly #counts: Counts = { streams: 0, events: 0, images: 0, unreadable: 0 };
  #resourceVersion = 0;
  #fence = 0;

  line(value: unknown): Uint8Array {
    const bytes = encoder.encode(`${JSON.stringify(value)}\n`);
    this.#hash.update(bytes);
    return bytes;
  }

  entry(entry: ArchiveEntry): Uint8Array {
    if ('stream' in entry) {
      const { object, checks } = entry.stream;
      this.#counts.streams += 1;
      const version = Number(object.metadata.resourceVersion);
      this.#resourceVersion = Math.max(this.#resourceVersion, version);
      this.#fence = Math.max(this.#fence, ...checks.map(({ state }) => state.fence));
    }
    if ('history' in entry) this.#counts.events += entry.history.events.length;
    if ('image' in entry) this.#counts.images += 1;
    if ('unreadable' in entry) this.#counts.unreadable += 1;
    return this.line(entry);
  }

  /** Its checksum covers the lines before it; its own hash stands last, and covers what it is without that member. */
  trailer(): Uint8Array {
    const trailer: ArchiveTrailer = {
      kind: ARCHIVE_TRAILER,
      ...this.#counts,
      resourceVersion: this.#resourceVersion,
      fence: this.#fence,
      sha256: this.#hash.copy().digest('hex'),
    };
    const trailerSha256 = createHash('sha256').update(JSON.stringify(trailer)).digest('hex');
    return this.line({ ...trailer, trailerSha256 });
  }
}
