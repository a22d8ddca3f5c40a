import { systemErrorCode } from '../cli-error.ts';
import { openStatusLine } from './status-line.ts';

/** Where a command's words go. `line` is the answer (stdout), `note` everything about it (stderr). */
export interface Output {
  line(text: string): void;
  note(text: string): void;
  /** Bytes for stdout as they are; resolves when its reader has room for more. */
  bytes(chunk: Uint8Array): Promise<void>;
  /** What goes on, on a line of stderr that the next words take away; nothing unless a person watches. */
  status(text: string): void;
  /** Columns of the terminal that stdout is; undefined when it is none. */
  readonly columns: number | undefined;
  /** True when stdout is a terminal that may show colours. */
  readonly colors: boolean;
  /** True when stdout is a terminal. */
  readonly isTerminal: boolean;
  /** True when a person watches stderr. */
  readonly interactive: boolean;
  /** Replaces what happens when the reader of stdout goes away. */
  onReaderGone(action: () => void): void;
}

/** The part of a stream that is used. */
export interface OutputStream {
  write(text: string | Uint8Array, done?: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  readonly isTTY?: boolean;
  /** Of a terminal. */
  readonly columns?: number;
}

export interface OutputStreams {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

export interface OutputOptions {
  /** NO_COLOR is set and not empty. Source: no-color.org. */
  readonly noColor: boolean;
  /** The reader of stdout went away (`tagtrail … | head`). */
  readonly onReaderGone: () => void;
  /** Nothing more can be written to stdout for another reason, such as a full disk; thrown unless given. */
  readonly onWriteFailed?: (error: Error) => void;
}

/** The one place that writes to the terminal. */
export function openOutput(streams: OutputStreams, options: OutputOptions): Output {
  let readerGone = options.onReaderGone;
  streams.stdout.on('error', (error: Error) => {
    if (systemErrorCode(error) === 'EPIPE') readerGone();
    else if (options.onWriteFailed === undefined) throw error;
    else options.onWriteFailed(error);
  });
  // A reader of stderr that left takes no word with it that the command must end for.
  streams.stderr.on('error', () => undefined);
  const statusLine = openStatusLine(streams.stderr);
  const write = (stream: OutputStream, text: string): void => {
    statusLine.show('');
    stream.write(`${text}\n`);
  };
  return {
    line: (text) => write(streams.stdout, text),
    note: (text) => write(streams.stderr, text),
    bytes: (chunk) => {
      statusLine.show('');
      return new Promise((resolve) => streams.stdout.write(chunk, () => resolve()));
    },
    status: (text) => statusLine.show(text),
    // A terminal that does not know its width says 0.
    columns: (streams.stdout.isTTY === true && streams.stdout.columns) || undefined,
    isTerminal: streams.stdout.isTTY === true,
    colors: streams.stdout.isTTY === true && !options.noColor,
    interactive: streams.stderr.isTTY === true,
    onReaderGone: (action) => {
      readerGone = action;
    },
  };
}
