import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { AppName } from '../plan/action.ts';
import { ROOT } from './settings.ts';

export type SlotState = 'down' | 'starting' | 'running' | 'frozen' | 'ending';

/** ms until one that ended by itself is started again, as a supervisor would. */
const RESTART_PAUSE = 500;
/** Lines kept to tell why one ended. */
const LINES_KEPT = 40;

export interface SlotParts {
  readonly name: AppName;
  readonly number: number;
  readonly settings: Readonly<Record<string, string>>;
  /** Folder for the whole log, if somebody wants it. */
  readonly logs?: string | undefined;
  /** Called at every change of state. */
  readonly onState: (slot: AppSlot) => void;
}

/** The place of one process: whenever the process ends, another one takes it. */
export class AppSlot {
  readonly name: AppName;
  readonly label: string;
  /** Why processes ended that nobody told to: last words. */
  readonly unexpected: string[] = [];
  /** Errors that nobody caught. */
  readonly uncaught: string[] = [];
  /** Exits that took longer than a process may take: `forced exit`. */
  forced = 0;
  state: SlotState = 'down';
  readonly #parts: SlotParts;
  readonly #lines: string[] = [];
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #wanted = true;
  #killed = false;
  #restartAfter = RESTART_PAUSE;
  #started = Promise.withResolvers<void>();

  constructor(parts: SlotParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.label = `${parts.name}-${parts.number}`;
  }

  /** Resolves when it runs. */
  start(): Promise<void> {
    if (this.state === 'down' && this.#wanted) this.#spawn();
    return this.#started.promise;
  }

  /** Ends the process; another one starts `pause` ms after its end. */
  kill(signal: 'SIGKILL' | 'SIGTERM', pause: number): Promise<void> {
    this.#killed = true;
    this.#restartAfter = pause;
    if (this.#child !== undefined) {
      this.#enter('ending');
      this.#child.kill(signal);
    }
    return this.#exited;
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP');
    this.#enter('frozen');
  }

  thaw(): void {
    if (this.state !== 'frozen') return;
    this.#child?.kill('SIGCONT');
    this.#enter('running');
  }

  /** Ends the process for good. */
  async close(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    this.#wanted = false;
    this.thaw();
    await this.kill(signal, 0);
  }

  #spawn(): void {
    this.#started = Promise.withResolvers();
    this.#killed = false;
    this.#restartAfter = RESTART_PAUSE;
    const main = join(ROOT, 'apps', this.name, 'src', 'main.ts');
    // It ends with this program, however that ends, and hears nothing of its Ctrl-C.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', process.execPath, main], {
      env: { PATH: process.env['PATH'] ?? '', ...this.#parts.settings },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#hear(line));
    }
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#ended(code, signal);
        resolve();
      });
    });
    this.#enter('starting');
  }

  #hear(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > LINES_KEPT) this.#lines.shift();
    if (this.#parts.logs) appendFileSync(join(this.#parts.logs, `${this.label}.log`), `${line}\n`);
    if (line.includes('"msg":"uncaught')) this.uncaught.push(`${this.label}: ${line}`);
    if (line.includes('"msg":"forced exit')) this.forced += 1;
    if (line.includes('"msg":"started"')) {
      if (this.state === 'starting') this.#enter('running');
      this.#started.resolve();
    }
  }

  #ended(code: number | null, signal: string | null): void {
    this.#child = undefined;
    if (!this.#killed) {
      const words = this.#lines.slice(-3).join(' | ');
      this.unexpected.push(`${this.label} ended with ${signal ?? code}: ${words}`);
    }
    this.#enter('down');
    const pause = this.#restartAfter;
    if (this.#wanted) void wait(pause, undefined, { ref: false }).then(() => this.start());
  }

  #enter(state: SlotState): void {
    this.state = state;
    this.#parts.onState(this);
  }
}
