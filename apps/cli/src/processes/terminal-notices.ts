import type { Output } from '../terminal/output.ts';
import { createNoticeGate } from './notice-gate.ts';

/** What `up` tells besides moves; all of it goes to stderr. */
export interface TerminalNotices {
  /** Something happened that must be known. */
  say(line: string): void;
  /** A child warned; the same warning again soon is not shown. */
  warn(line: string): void;
}

export function createTerminalNotices(output: Pick<Output, 'note'>): TerminalNotices {
  const gate = createNoticeGate();
  return {
    say: (line) => output.note(line),
    warn: (line) => {
      if (gate(line, Date.now())) output.note(line);
    },
  };
}
