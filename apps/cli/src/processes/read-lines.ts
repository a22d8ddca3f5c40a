import { StringDecoder } from 'node:string_decoder';

/** Longer lines are cut: one line of a log must not fill the memory of the process that reads it. */
const LINE_LIMIT = 64 * 1024;

/** The part of a readable stream that is used. */
export interface ChunkSource {
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
}

/** Calls `onLine` for every line of a stream, the last one too when it has no line break. Empty lines are left out. */
export function readLines(source: ChunkSource, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let pending = '';
  const take = (line: string) => {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (text !== '') onLine(text);
  };
  source.on('data', (chunk) => {
    const lines = (pending + decoder.write(chunk)).split('\n');
    pending = (lines.pop() ?? '').slice(0, LINE_LIMIT);
    for (const line of lines) take(line.slice(0, LINE_LIMIT));
  });
  source.on('end', () => take(pending + decoder.end()));
}
