import { constants } from 'node:os';
import type { ServerEnd } from './watchdog.ts';

/** Redis says in one or two lines why it stops. */
const LINES_SHOWN = 3;

/** The first write that doesn't fit is cut short; only a second one would say ENOSPC, and Redis exits before it. */
const DISK_FULL =
  /Short write while writing to the AOF|No space left on device|Disk quota exceeded|File too large/;

/** Why the server ended, in a line for people. */
export function describeEnd(end: ServerEnd, folder: string): string {
  const words = lastWords(end.log);
  if (end.log.some((line) => DISK_FULL.test(line))) {
    return `the disk that holds ${folder} is full, and redis ends rather than lose a write: ${words}`;
  }
  // What it said last is no reason: it was ended without a word.
  if (end.code === undefined) return 'its watchdog, the shell that started it, ended before it';
  const signal = signalName(end.code);
  if (signal === 'SIGKILL') return 'it was killed (SIGKILL), perhaps because memory ran out';
  if (signal !== undefined) return `it was ended by ${signal}: ${words}`;
  return `it ended with exit code ${end.code}: ${words}`;
}

/** The last lines without Redis's prefix `pid:role day month year time level`. */
function lastWords(log: readonly string[]): string {
  const lines = log.filter((line) => line.trim() !== '').slice(-LINES_SHOWN);
  const bare = lines.map((line) => line.replace(/^\d+:[A-Z] .*?\d\d:\d\d:\d\d\.\d+ [.\-*#] /, ''));
  return bare.join(' | ') || 'it said nothing';
}

function signalName(code: number): string | undefined {
  if (code <= 128) return undefined; // a shell adds 128 to the number of a signal
  const named = Object.entries(constants.signals).find(([, number]) => number === code - 128);
  return named?.[0];
}
