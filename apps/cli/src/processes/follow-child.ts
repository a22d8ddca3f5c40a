import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { delay } from '@tagtrail/lifecycle';
import { lastWords } from './log-line.ts';
import { readLines } from './read-lines.ts';

/** Lines kept to tell why a child ended: Node's report of an uncaught error is shorter. */
const RECENT_LINES = 40;
/** ms after the end for the last words to arrive. */
const LAST_WORDS_DEADLINE = 500;

/** How a child ended (`exit code 1`), and what it said about it. */
export interface ChildEnd {
  readonly how: string;
  readonly why?: string;
}

/** Hears every line of a child until it has ended. */
export async function followChild(
  child: ChildProcess,
  onLine: (line: string) => void,
): Promise<ChildEnd> {
  const recent: string[] = [];
  const hear = (line: string): void => {
    onLine(line);
    recent.push(line);
    if (recent.length > RECENT_LINES) recent.shift();
  };
  if (child.stdout !== null) readLines(child.stdout, hear);
  if (child.stderr !== null) readLines(child.stderr, hear);
  const { code, signal } = await endOf(child);
  // A killed child had no time for words of its own; its last line is about something else.
  if (signal !== null) return { how: `killed by ${signal}` };
  const why = lastWords(recent);
  return { how: `exit code ${code}`, ...(why !== undefined && { why }) };
}

async function endOf(
  child: ChildProcess,
): Promise<{ readonly code: number | null; readonly signal: string | null }> {
  // `close` comes after the last words; a process that handed its pipes on must not delay the news, though.
  const closed = once(child, 'close').catch(() => undefined);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  await Promise.race([closed, delay(LAST_WORDS_DEADLINE)]);
  return { code, signal };
}

/** Sends a signal to a child that may have ended. */
export function signalChild(child: ChildProcess | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child?.pid === undefined) return;
  try {
    // A child leads a process group of its own: killing the group leaves nothing that the child may have started.
    process.kill(signal === 'SIGKILL' ? -child.pid : child.pid, signal);
  } catch {
    // It has ended already.
  }
}
