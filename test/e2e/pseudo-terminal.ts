import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { TAGTRAIL } from './command-process.ts';

/** What a terminal sends for Ctrl-C. */
export const CTRL_C = '\u0003';

/** ms for a text to appear on a busy machine. */
const TEXT_LIMIT = 30_000;

export interface PseudoTerminalOptions {
  readonly columns?: number;
  /** In addition to PATH and HOME. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A tagtrail command on a terminal of its own, as `script` of util-linux makes one. */
export class PseudoTerminal implements AsyncDisposable {
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcessWithoutNullStreams;
  #shown = '';

  constructor(args: readonly string[], { columns = 80, variables = {} }: PseudoTerminalOptions) {
    const { PATH = '', HOME = '' } = process.env;
    const words = [TAGTRAIL, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
    const line = `stty rows 24 cols ${columns}; exec ${words.join(' ')}`;
    // SHELL is what script runs the line with.
    const env = { PATH, HOME, SHELL: '/bin/sh', TERM: 'xterm', ...variables };
    this.#child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], { env });
    this.#child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      this.#shown += chunk;
    });
    this.exited = once(this.#child, 'close').then(([code]) => code as number | null);
  }

  /** Everything that it has shown, with the line ends of a file. */
  get shown(): string {
    return this.#shown.replaceAll('\r\n', '\n');
  }

  /** Resolves once the terminal shows something that matches. */
  async until(pattern: RegExp): Promise<void> {
    const limit = AbortSignal.timeout(TEXT_LIMIT);
    while (!pattern.test(this.shown)) {
      try {
        await once(this.#child.stdout, 'data', { signal: limit });
      } catch {
        throw new Error(
          `no ${pattern} within ${TEXT_LIMIT} ms; the terminal shows:\n${this.shown}`,
        );
      }
    }
  }

  press(keys: string): void {
    this.#child.stdin.write(keys);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.exited;
  }
}
