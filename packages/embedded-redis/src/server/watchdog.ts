import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { keepLog, readWords, type WatchdogWords } from './watchdog-channels.ts';
import { END_OF_CONFIGURATION, KILL_AFTER_SECONDS, WATCHDOG_SCRIPT } from './watchdog-script.ts';

/** The watchdog's own deadline for the server, and room for removing the run folder. */
const STOP_TIME_LIMIT = KILL_AFTER_SECONDS * 1000 + 2_000;

export interface WatchdogOptions {
  /** Made by the watchdog with mode 0700, and removed by it. */
  readonly runFolder: string;
  readonly lockFile: string;
  readonly libraries: string | undefined;
  readonly program: string;
  /** PATH for the shell's few tools. */
  readonly path: string;
  /** Removed together with the run folder. */
  readonly throwaway: string | undefined;
}

/** How the server, or the watchdog before it started one, came to its end. */
export interface ServerEnd {
  /** The server's exit code, 128 + n for signal n; undefined when the watchdog was killed or never got that far. */
  readonly code: number | undefined;
  /** The last lines it wrote, oldest first. */
  readonly log: readonly string[];
}

/** The shell that holds the folder's lock and ends the server when we end; see watchdog-script.ts. */
export interface Watchdog {
  readonly pid: number;
  /** Whether it got the folder's lock; 'refused' when it could not make its files. */
  readonly gate: Promise<'ready' | 'locked' | 'refused'>;
  /** Hands the configuration over; the pid of the server, undefined when there won't be one. */
  start(configuration: string): Promise<number | undefined>;
  /** Resolves when everything it started is gone, and the run folder too. */
  readonly ended: Promise<ServerEnd>;
  /** The server's last lines up to now. */
  log(): readonly string[];
  /** Ends the server: TERM, after 3 s KILL. Resolves with `ended`. */
  stop(): Promise<void>;
  /** Lets this process end although the server runs: it ends with us. */
  unref(): void;
}

export function spawnWatchdog(options: WatchdogOptions): Watchdog {
  const child = spawn(
    '/bin/sh',
    ['-c', WATCHDOG_SCRIPT, 'redis-watchdog', ...scriptArguments(options)],
    {
      detached: true,
      cwd: '/',
      env: { PATH: options.path, LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
    },
  );
  const log = keepLog(child);
  const words = readWords(child);
  const ended = watchEnd(child, { words, log, runFolder: options.runFolder });
  child.stdin?.on('error', () => {}); // it ended first: `ended` says so
  return {
    pid: child.pid ?? 0,
    gate: words.gate,
    ended,
    log: () => log,
    start: (configuration) => {
      child.stdin?.write(`${configuration}${END_OF_CONFIGURATION}\n`);
      return words.server;
    },
    stop: () => stop(child, ended),
    unref: () => setReferenced(child, false),
  };
}

function scriptArguments(options: WatchdogOptions): readonly string[] {
  const { runFolder, lockFile, libraries, program, throwaway } = options;
  return [runFolder, lockFile, libraries ?? '', program, throwaway ?? ''];
}

async function watchEnd(
  child: ChildProcess,
  seen: { words: WatchdogWords; log: readonly string[]; runFolder: string },
): Promise<ServerEnd> {
  const closed = Promise.withResolvers<void>();
  child.once('close', () => closed.resolve());
  const code = await seen.words.lastWord;
  // Killed alone, it leaves the server in the group that is named after it; and the run folder.
  if (code === undefined) killGroup(child);
  await closed.promise;
  // Nobody waits for this alone: what can't be removed must not end the owner.
  await rm(seen.runFolder, { recursive: true, force: true }).catch(() => {});
  return { code, log: [...seen.log] };
}

async function stop(child: ChildProcess, ended: Promise<ServerEnd>): Promise<void> {
  setReferenced(child, true);
  child.stdin?.end();
  const timer = setTimeout(() => killGroup(child), STOP_TIME_LIMIT);
  await ended;
  clearTimeout(timer);
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group.
  }
}

function setReferenced(child: ChildProcess, referenced: boolean): void {
  const method = referenced ? 'ref' : 'unref';
  child[method]();
  for (const stream of child.stdio) {
    if (stream instanceof Socket) stream[method]();
  }
}
