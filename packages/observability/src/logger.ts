import { pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { describeError } from './describe-error.ts';
import { redactLine } from './redact-line.ts';

export type Logger = pino.Logger;

export type LogFormat = 'json' | 'pretty' | 'auto';

export interface LoggerOptions {
  /** Which process speaks; a field of every line. */
  readonly name: string;
  /** pino's level names, or `silent`. */
  readonly level: string;
  /** `auto` is pretty on a terminal and JSON everywhere else. */
  readonly format: LogFormat;
  /** Where lines go, one write per line; standard output unless told. */
  readonly output?: LogOutput;
}

export interface LogOutput {
  write(line: string): unknown;
}

/**
 * Opens a logger. It writes synchronously, so that the last words before a forced exit are never lost, and it has no
 * transports: their worker threads do not survive bundling. No line leaves it with a secret field or with a URL's
 * userinfo or query.
 */
export function createLogger(options: LoggerOptions): Logger {
  const output = options.output ?? pino.destination({ fd: 1, sync: true });
  return pino(
    {
      name: options.name,
      level: options.level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      // What was described before is left as it is.
      serializers: { err: (err: unknown) => (err instanceof Error ? describeError(err) : err) },
      hooks: { streamWrite: redactLine },
    },
    isPretty(options.format) ? prettyOutput(output) : output,
  );
}

function isPretty(format: LogFormat): boolean {
  return format === 'pretty' || (format === 'auto' && process.stdout.isTTY === true);
}

function prettyOutput(output: LogOutput): LogOutput {
  const format = prettyFactory({
    colorize: process.stdout.isTTY === true && process.stdout.hasColors(),
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname',
    singleLine: true,
  });
  return { write: (line) => output.write(format(line)) };
}
