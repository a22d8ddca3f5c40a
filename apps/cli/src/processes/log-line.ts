import { isJsonObject, type JsonObject, objectMember, textMember } from '../json-object.ts';
import { shortText } from '../terminal/plain-text.ts';

/** A notice fits on a terminal's line with the child's name before it; the whole is in the log. */
const NOTICE_LIMIT = 160;

export type LogSeverity = 'warning' | 'error';

/** What a child's log line is worth on the terminal. */
export interface LogNotice {
  readonly severity: LogSeverity;
  readonly text: string;
}

const SEVERITIES: Readonly<Record<string, LogSeverity>> = {
  warn: 'warning',
  error: 'error',
  fatal: 'error',
};

/** Warnings and errors of a child's log line, shortened; undefined for everything else. */
export function noticeOf(line: string): LogNotice | undefined {
  const entry = parseEntry(line);
  if (entry === undefined) return undefined;
  const severity = SEVERITIES[textMember(entry, 'level') ?? ''];
  if (severity === undefined) return undefined;
  return { severity, text: entryText(entry) };
}

/** Node ends the report of an uncaught error with these; the line that says what happened comes before. */
const NOISE = /^(?:\s+at |\s*\^|Node\.js v|node:internal|\s*[{}]+$|\s+\[?\w+\]?: )/u;
const ERROR_LINE = /^(?:Uncaught )?\w*Error\b.*:/u;

/**
 * The one line that best says why a child ended, out of its last lines, oldest first: the last error it logged, else the
 * message of an uncaught error, else whatever it said last.
 */
export function lastWords(lines: readonly string[]): string | undefined {
  const newestFirst = lines.toReversed();
  const logged = newestFirst.map(noticeOf).find((notice) => notice?.severity === 'error');
  if (logged !== undefined) return logged.text;
  const thrown = newestFirst.find((line) => ERROR_LINE.test(line));
  const spoken = thrown ?? newestFirst.find((line) => !NOISE.test(line));
  if (spoken === undefined) return undefined;
  const entry = parseEntry(spoken);
  return entry === undefined ? shortText(spoken, NOTICE_LIMIT) : entryText(entry);
}

function entryText(entry: JsonObject): string {
  const message = textMember(entry, 'msg') ?? 'no message';
  const cause = textMember(objectMember(entry, 'err'), 'message');
  const whole = cause === undefined || message.includes(cause) ? message : `${message}: ${cause}`;
  return shortText(whole, NOTICE_LIMIT);
}

function parseEntry(line: string): JsonObject | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined; // A line of something else that happens to begin with a brace.
  }
}
