import { MAX_ARCHIVE_LINE } from '@tagtrail/image-stream';
import { CliError } from '../cli-error.ts';

/** Bytes kept of a source that may have no end: more than a million streams with a thousand events each. */
const SOURCE_LIMIT = 256 * 1024 ** 3;
const NEWLINE = 0x0a;

/** How much is taken; smaller in tests. */
export interface SourceLimits {
  readonly line: number;
  readonly total: number;
}

/**
 * Passes chunks on while they may be an archive's: what has no line breaks (`/dev/zero`) or no end does not fill the disk.
 * @throws CliError
 */
export async function* boundedChunks(
  chunks: AsyncIterable<Uint8Array | string>,
  name: string,
  limits: SourceLimits = { line: MAX_ARCHIVE_LINE, total: SOURCE_LIMIT },
): AsyncGenerator<Uint8Array, void> {
  let total = 0;
  let line = 0;
  for await (const piece of chunks) {
    const chunk = Buffer.from(piece);
    total += chunk.length;
    // -1 without a line break: then the line that began before goes on.
    const lineStart = chunk.lastIndexOf(NEWLINE) + 1;
    line = lineStart === 0 ? line + chunk.length : chunk.length - lineStart;
    if (line > limits.line) {
      throw new CliError('archive', `${name} has a line longer than ${limits.line} bytes`);
    }
    if (total > limits.total) {
      throw new CliError('archive', `${name} is longer than ${limits.total} bytes`);
    }
    yield chunk;
  }
}
