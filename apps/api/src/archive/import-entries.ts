import type {
  ArchivedHistory,
  ArchivedStream,
  ArchiveEntry,
  ImageDocumentStore,
  StreamArchive,
} from '@tagtrail/image-stream';
import { decodeEntry, EntryProblem } from './decode-entry.ts';

export interface ImportEntriesParts {
  readonly archive: StreamArchive;
  readonly images: Pick<ImageDocumentStore, 'save'>;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** A part of an archive, in the order of its lines. */
export interface EntryBatch {
  readonly archive: string;
  readonly existing: 'keep' | 'replace';
  readonly entries: readonly unknown[];
}

export interface ImportedEntries {
  /** `namespace/name` of the streams that were put back. */
  readonly restored: readonly string[];
  /** Those that were there and stayed as they are. */
  readonly existing: readonly string[];
}

/** An entry that cannot be imported, by its index; the entries before it are. */
export class EntryRefusal extends Error {
  override readonly name = 'EntryRefusal';
  readonly index: number;

  constructor(index: number, message: string) {
    super(message);
    this.index = index;
  }
}

/** Takes the entries one after the other; a stream comes back whole or not at all. @throws EntryRefusal, StoreError */
export async function importEntries(
  parts: ImportEntriesParts,
  batch: EntryBatch,
): Promise<ImportedEntries> {
  const restored: string[] = [];
  const existing: string[] = [];
  const now = parts.now();
  for (const [index, value] of batch.entries.entries()) {
    const entry = decode(index, value, now);
    if ('stream' in entry) {
      const { namespace = '', name } = entry.stream.object.metadata;
      const isBack = await importStream(parts, batch, { index, stream: entry.stream });
      (isBack ? restored : existing).push(`${namespace}/${name}`);
    } else {
      await importOther(parts, index, entry);
    }
  }
  return { restored, existing };
}

function decode(index: number, value: unknown, now: number): ArchiveEntry {
  try {
    return decodeEntry(value, now);
  } catch (error) {
    if (error instanceof EntryProblem) throw new EntryRefusal(index, error.message);
    throw error;
  }
}

async function importOther(
  { archive, images }: ImportEntriesParts,
  index: number,
  entry: Exclude<ArchiveEntry, { stream: unknown }>,
): Promise<void> {
  if ('image' in entry) await images.save([entry.image]);
  if (!('history' in entry)) return;
  if (await archive.stage(pieceOf(entry.history))) return;
  throw new EntryRefusal(index, 'the piece of the history before it did not arrive');
}

function pieceOf({ namespace, name, uid, tag, offset, events }: ArchivedHistory) {
  return { key: { namespace, name, uid, tag }, offset, events };
}

/** Answers whether the stream is back; else one of its name is there. */
async function importStream(
  { archive, now }: ImportEntriesParts,
  batch: EntryBatch,
  { index, stream }: { readonly index: number; readonly stream: ArchivedStream },
): Promise<boolean> {
  const result = await archive.restore({
    archive: batch.archive,
    stream: stream.object,
    checks: new Map(stream.checks.map(({ tag, state }) => [tag, state])),
    histories: new Map(stream.histories.map(({ tag, events }) => [tag, events])),
    now: now(),
    existing: batch.existing,
  });
  if (result === 'incomplete') throw new EntryRefusal(index, 'its histories did not arrive whole');
  if (result === 'foreign-uid') {
    throw new EntryRefusal(index, 'another stream of this installation has its uid');
  }
  return result === 'restored';
}
