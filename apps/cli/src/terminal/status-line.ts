import { displayWidth, padToWidth } from './display-width.ts';
import { shortText } from './plain-text.ts';

/** Columns of a terminal that does not tell, or tells none. */
const USUAL_COLUMNS = 80;

/** A line that is written over again and again. */
export interface StatusLine {
  /** Takes the place of what stands there; an empty text leaves nothing behind. */
  show(text: string): void;
}

/** The part of a stream that is used. */
export interface StatusStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * A status line at the end of a terminal. It needs nothing of the terminal but a carriage return, and never fills a
 * line, which would scroll. Where there is no terminal, nothing is written.
 */
export function openStatusLine(stream: StatusStream): StatusLine {
  let shown = '';
  return {
    show: (text) => {
      if (stream.isTTY !== true) return;
      const next = shortText(text, (stream.columns || USUAL_COLUMNS) - 1);
      if (next === shown) return;
      const over = padToWidth(next, displayWidth(shown));
      // Back to the left: what is written next starts there.
      stream.write(`\r${over}${next === '' ? '\r' : ''}`);
      shown = next;
    },
  };
}
