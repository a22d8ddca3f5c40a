import { execFile } from 'node:child_process';

/** Enough for the longest answer read here (apt-cache's dependency closure is below 100 KiB). */
const OUTPUT_LIMIT_BYTES = 4 * 1024 * 1024;

export interface CommandOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Milliseconds after which the command is killed. */
  readonly timeLimit: number;
  /** Written to its standard input, which is then closed. */
  readonly input?: string;
}

/** What a command did. Failing is an ordinary answer here: the caller has another way to try. */
export interface CommandResult {
  readonly ok: boolean;
  readonly stdout: string;
  /** When not ok: one line saying why, taken from the command's own words where it had any. */
  readonly failure: string;
}

/** Runs a program to its end, without a shell. Never rejects. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const settings = {
      env: options.env,
      cwd: options.cwd,
      timeout: options.timeLimit,
      killSignal: 'SIGKILL',
      maxBuffer: OUTPUT_LIMIT_BYTES,
    } as const;
    const child = execFile(program, args, settings, (error, stdout, stderr) => {
      const failure = error ? describeFailure(error, stdout, stderr, options.timeLimit) : '';
      resolve({ ok: !error, stdout, failure });
    });
    // A program that ends without reading its input is no failure by itself.
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input ?? '');
  });
}

function describeFailure(
  error: Error & { code?: number | string | null; killed?: boolean },
  stdout: string,
  stderr: string,
  timeLimit: number,
): string {
  if (error.killed) return `it took longer than ${timeLimit / 1000} s`;
  const words = `${stderr}\n${stdout}`.trim().split('\n').slice(0, 2).join('; ');
  if (words) return words;
  return typeof error.code === 'number' ? `exit code ${error.code}` : error.message;
}
