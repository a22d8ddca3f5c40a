import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const ROOT = join(import.meta.dirname, '..', '..');
/** The tagtrail command as a user of the checkout runs it. */
export const TAGTRAIL = join(ROOT, 'apps', 'cli', 'bin', 'tagtrail');

/** ms for a line to appear on a busy machine. */
const LINE_LIMIT = 60_000;
/** Lines shown when a process did not say what was expected. */
const SHOWN_LINES = 30;

export interface CommandOptions {
  readonly program: string;
  readonly args: readonly string[];
  /** In addition to PATH and HOME. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A command that runs until it is told to stop; what it prints can be waited for. */
export interface CommandProcess extends AsyncDisposable {
  readonly name: string;
  /** The first line, printed already or still to come, that matches. Rejects when the process ends before. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** Its last lines, for the message of a test that failed. */
  said(): string;
  /** Sends SIGTERM and waits. */
  stop(): Promise<Exit>;
  readonly exited: Promise<Exit>;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export function startCommand(options: CommandOptions): CommandProcess {
  return new ChildCommand(options);
}

class ChildCommand implements CommandProcess {
  readonly name: string;
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #listeners = new Set<() => void>();
  #ended = false;

  constructor({ program, args, variables = {}, cwd = ROOT }: CommandOptions) {
    const { PATH = '', HOME = '' } = process.env;
    this.name = args.join(' ');
    this.#child = spawn(program, args, {
      cwd,
      env: { PATH, HOME, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) this.#hear(stream);
    this.exited = once(this.#child, 'close').then(([code, signal]) => {
      this.#ended = true;
      this.#tell();
      return { code, signal };
    });
  }

  line(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const settle = (end: () => void) => {
        clearTimeout(timer);
        this.#listeners.delete(look);
        end();
      };
      const look = () => {
        for (const line of this.#lines) {
          const match = pattern.exec(line);
          if (match !== null) return settle(() => resolve(match));
        }
        if (this.#ended) settle(() => reject(this.#silence(pattern, 'ended')));
      };
      const late = () => settle(() => reject(this.#silence(pattern, `ran ${LINE_LIMIT} ms`)));
      const timer = setTimeout(late, LINE_LIMIT);
      this.#listeners.add(look);
      look();
    });
  }

  said(): string {
    return this.#lines.slice(-SHOWN_LINES).join('\n');
  }

  stop(): Promise<Exit> {
    if (!this.#ended) this.#child.kill('SIGTERM');
    return this.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #hear(stream: NodeJS.ReadableStream | null): void {
    if (stream === null) return;
    createInterface({ input: stream }).on('line', (line) => {
      this.#lines.push(line);
      this.#tell();
    });
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #silence(pattern: RegExp, how: string): Error {
    return new Error(`"${this.name}" ${how} without printing ${pattern}; it said:\n${this.said()}`);
  }
}
