import {
  ARCHIVE_HEADER,
  ARCHIVE_VERSION,
  type ArchiveEntry,
  type ArchiveHeader,
  type ImageDocument,
  type ImageDocumentStore,
  StoreError,
  type StreamArchive,
  type StreamKey,
  type StreamSnapshot,
  type TagEvent,
} from '@tagtrail/image-stream';
import { LineWriter } from './line-writer.ts';

/** Names read in one go. */
const NAMES_PAGE = 500;
/** Events in one line: some 200 KB. */
const EVENTS_PAGE = 1_000;

/**
 * Digests of documents that were written already, remembered at most: some 30 MB. Beyond that it is begun anew, and a
 * document may stand in the export twice, which harms nobody.
 */
const WRITTEN_REMEMBERED = 200_000;

export interface ExportParts {
  readonly archive: StreamArchive;
  readonly images: Pick<ImageDocumentStore, 'read'>;
  /** ms since the epoch. */
  readonly now: () => number;
}

/**
 * The lines of an export, one at a time: what is in memory is one stream's object and one page of a history. Each stream is
 * as it was at one moment; one that is deleted while it is read is left out, and its histories stand for nothing.
 */
export async function* exportStreams(
  parts: ExportParts,
  namespace: string | undefined,
): AsyncGenerator<readonly Uint8Array[], void> {
  const { archive, now } = parts;
  const writer = new LineWriter();
  const header: ArchiveHeader = {
    kind: ARCHIVE_HEADER,
    version: ARCHIVE_VERSION,
    exportedAt: new Date(now()).toISOString(),
    resourceVersion: await archive.version(),
    ...(namespace !== undefined && { namespace }),
  };
  yield [writer.line(header)];
  const images = new ImagesOnce(parts.images);
  for await (const key of namesOf(archive, namespace)) {
    for await (const entry of entriesOf({ ...parts, images }, key)) yield [writer.entry(entry)];
  }
  yield [writer.trailer()];
}

/** The documents of images, each once. One that is missing or cannot be read is left out: its tags are looked at again. */
class ImagesOnce {
  readonly #images: ExportParts['images'];
  readonly #written = new Set<string>();

  constructor(images: ExportParts['images']) {
    this.#images = images;
  }

  async *of(events: readonly TagEvent[]): AsyncGenerator<ArchiveEntry, void> {
    for (const { image } of events) if (image !== '') yield* this.#withParts(image);
  }

  async *#withParts(digest: string): AsyncGenerator<ArchiveEntry, void> {
    if (this.#written.has(digest)) return;
    if (this.#written.size >= WRITTEN_REMEMBERED) this.#written.clear();
    this.#written.add(digest);
    const image = await this.#read(digest);
    if (image === undefined) return;
    for (const part of image.parts ?? []) yield* this.#withParts(part);
    yield { image };
  }

  async #read(digest: string): Promise<ImageDocument | undefined> {
    try {
      return await this.#images.read(digest);
    } catch (error) {
      if (isDamage(error)) return undefined;
      throw error;
    }
  }
}

interface StreamParts {
  readonly archive: StreamArchive;
  readonly images: ImagesOnce;
}

async function* namesOf(
  archive: StreamArchive,
  namespace: string | undefined,
): AsyncGenerator<StreamKey, void> {
  let after: StreamKey | undefined;
  do {
    const query = { limit: NAMES_PAGE, ...(namespace && { namespace }), ...(after && { after }) };
    const names: readonly StreamKey[] = await archive.names(query);
    yield* names;
    after = names.at(-1);
  } while (after !== undefined);
}

/** What was written of a stream before it proved unreadable stands for nothing: an import waits for the stream behind it. */
async function* entriesOf(parts: StreamParts, key: StreamKey): AsyncGenerator<ArchiveEntry, void> {
  try {
    const snapshot = await parts.archive.snapshot(key);
    if (snapshot !== undefined) yield* streamEntries(parts, key, snapshot);
  } catch (error) {
    if (!isDamage(error)) throw error;
    yield { unreadable: key };
  }
}

async function* streamEntries(
  parts: StreamParts,
  key: StreamKey,
  snapshot: StreamSnapshot,
): AsyncGenerator<ArchiveEntry, void> {
  const { stream, checks, histories } = snapshot;
  for (const [tag, { length }] of histories) {
    for (let offset = 0; offset < length; offset += EVENTS_PAGE) {
      const events = await parts.archive.events(snapshot, { tag, offset, limit: EVENTS_PAGE });
      if (events === undefined) return;
      yield* parts.images.of(events);
      yield { history: { ...key, uid: stream.metadata.uid ?? '', tag, offset, events } };
    }
  }
  yield {
    stream: {
      object: stream,
      checks: [...checks].map(([tag, state]) => ({ tag, state })),
      histories: [...histories].map(([tag, { length }]) => ({ tag, events: length })),
    },
  };
}

function isDamage(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'damaged';
}
