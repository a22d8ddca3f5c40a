import { unintelligible } from './api-error.ts';

/** Bytes of one line: a stream of 1000 tags with full histories stays below. */
const LINE_LIMIT = 32 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Splits chunks of bytes into lines, wherever the chunks end. Empty lines and an unfinished last one are left out: a
 * cut connection says nothing. Throws ApiError for a line beyond the limit.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  limit = LINE_LIMIT,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let pieces: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      pieces.push(chunk.subarray(start, end));
      const line = pieces.map((piece) => decoder.decode(piece, { stream: true })).join('');
      pieces = [];
      length = 0;
      start = end + 1;
      if (line !== '') yield line;
    }
    const rest = chunk.subarray(start);
    pieces.push(rest);
    length += rest.byteLength;
    if (length > limit) throw unintelligible(`a line of the watch is longer than ${limit} bytes`);
  }
}
