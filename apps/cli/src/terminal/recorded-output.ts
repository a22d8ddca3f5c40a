import type { Output } from './output.ts';

export interface RecordedOutput extends Output {
  readonly lines: readonly string[];
  readonly notes: readonly string[];
}

/** An Output that remembers what was said, for tests of commands. */
export function recordOutput(): RecordedOutput {
  const lines: string[] = [];
  const notes: string[] = [];
  return {
    lines,
    notes,
    line: (text) => void lines.push(text),
    note: (text) => void notes.push(text),
    colors: false,
    interactive: false,
    onReaderGone: () => undefined,
  };
}
