import { MAX_ARCHIVE_LINE } from '@tagtrail/image-stream';
import { CliError } from '../cli-error.ts';

const NEWLINE = 0x0a;

/** One line of an archive, without its line break. */
export interface ArchiveLine {
  readonly bytes: Buffer;
  /** False for what stands behind the last line break. */
  readonly isEnded: boolean;
}

/** Splits bytes into lines, wherever the chunks end; holds one line at a time. @throws CliError for one that is too long */
export async function* archiveLines(
  chunks: AsyncIterable<Uint8Array>,
  limit = MAX_ARCHIVE_LINE,
): AsyncGenerator<ArchiveLine, void> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      yield { bytes: Buffer.concat([...pieces, chunk.subarray(start, end)]), isEnded: true };
      pieces = [];
      length = 0;
      start = end + 1;
    }
    pieces.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > limit) throw new CliError('archive', `a line is longer than ${limit} bytes`);
  }
  if (length > 0) yield { bytes: Buffer.concat(pieces), isEnded: false };
}

/** The object in a line; undefined when there is none. */
export function parseLine(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined; // Whatever it is, it is no line of an archive.
  }
}
