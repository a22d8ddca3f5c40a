import { archiveLines, parseLine } from './archive-lines.ts';

/** Bytes of lines in one request; a longer line goes alone. Arrives within seconds over slow lines, too. */
const BATCH_BYTES = 1024 * 1024;
/** Entries in one request; the server takes ten times as many. */
const BATCH_ENTRIES = 1_000;
/** Names in one question: as many as the server takes. */
const NAMES_AT_A_TIME = 1_000;
const STREAM_LINE = Buffer.from('{"stream":');

export interface SentBatch {
  readonly entries: readonly unknown[];
  /** Number of the first entry's line in the file, from 1. */
  readonly firstLine: number;
}

/** The entries of a checked archive, in batches: all lines but the first and the last. */
export async function* archiveBatches(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<SentBatch, void> {
  let entries: unknown[] = [];
  let bytes = 0;
  let line = 0;
  for await (const one of entryLines(chunks)) {
    line = one.line;
    if (
      entries.length > 0 &&
      (bytes + one.bytes.length > BATCH_BYTES || entries.length === BATCH_ENTRIES)
    ) {
      yield { entries, firstLine: line - entries.length };
      entries = [];
      bytes = 0;
    }
    entries.push(parseLine(one.bytes));
    bytes += one.bytes.length;
  }
  if (entries.length > 0) yield { entries, firstLine: line + 1 - entries.length };
}

/** `namespace/name` of an archive's streams, so many at a time as can be asked for. */
export async function* streamNames(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly string[], void> {
  let names: string[] = [];
  for await (const { bytes } of entryLines(chunks)) {
    if (!bytes.subarray(0, STREAM_LINE.length).equals(STREAM_LINE)) continue;
    names.push(nameOf(parseLine(bytes)));
    if (names.length < NAMES_AT_A_TIME) continue;
    yield names;
    names = [];
  }
  if (names.length > 0) yield names;
}

/** A line is an entry's when neither none stands before nor none behind it. */
async function* entryLines(chunks: AsyncIterable<Uint8Array>) {
  let line = 0;
  let held: Buffer | undefined;
  for await (const { bytes } of archiveLines(chunks)) {
    if (held !== undefined && line > 1) yield { bytes: held, line };
    held = bytes;
    line += 1;
  }
}

function nameOf(entry: unknown): string {
  const { stream } = entry as {
    stream?: { object?: { metadata?: { namespace?: unknown; name?: unknown } } };
  };
  const { namespace, name } = stream?.object?.metadata ?? {};
  return `${String(namespace)}/${String(name)}`;
}
