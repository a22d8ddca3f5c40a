import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** Enough for Redis's own words about why it stops; a crash report longer than that loses its beginning. */
const LOG_LINES_KEPT = 60;
const LOG_LINE_LENGTH = 500;

/** What the watchdog says on descriptor 3. */
export interface WatchdogWords {
  readonly gate: Promise<'ready' | 'locked' | 'refused'>;
  /** The server's pid; undefined when none was started. */
  readonly server: Promise<number | undefined>;
  /** Resolves when the watchdog can't say anything more: the server's exit code, unless it left that unsaid. */
  readonly lastWord: Promise<number | undefined>;
}

export function readWords(child: ChildProcess): WatchdogWords {
  const gate = Promise.withResolvers<'ready' | 'locked' | 'refused'>();
  const server = Promise.withResolvers<number | undefined>();
  const lastWord = Promise.withResolvers<number | undefined>();
  let code: number | undefined;
  const hear = (line: string) => {
    const [word, number] = line.split(' ');
    if (word === 'ready' || word === 'locked' || word === 'refused') gate.resolve(word);
    if (word === 'server') server.resolve(Number(number));
    if (word === 'exited') code = Number(number);
  };
  const fallSilent = () => {
    gate.resolve('refused');
    server.resolve(undefined);
    lastWord.resolve(code);
  };
  const channel = child.stdio[3];
  if (channel instanceof Socket) {
    createInterface(channel).on('line', hear).on('close', fallSilent);
  } else {
    fallSilent(); // there was no shell to start
  }
  return { gate: gate.promise, server: server.promise, lastWord: lastWord.promise };
}

/** Follows what the server writes; the list keeps changing. */
export function keepLog(child: ChildProcess): readonly string[] {
  const kept: string[] = [];
  child.on('error', (error) => kept.push(error.message));
  if (child.stdout) {
    createInterface(child.stdout).on('line', (line) => {
      kept.push(line.slice(0, LOG_LINE_LENGTH));
      if (kept.length > LOG_LINES_KEPT) kept.shift();
    });
  }
  return kept;
}
