import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** ms; skopeo copies a few KiB, kubectl asks a handful of questions. */
const TIME_LIMIT = 60_000;

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Every program of this name on PATH, each once. None is a failure: a wide test never passes by absence. */
export function programsOnPath(name: string): readonly string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const paths = folders.map((folder) => join(folder, name)).filter((path) => existsSync(path));
  const programs = [...new Map(paths.map((path) => [realpathSync(path), path])).values()];
  if (programs.length === 0) throw new Error(`${name} is not on PATH; .ci/run installs it`);
  return programs;
}

/** Runs a program to its end, with an own HOME so that it finds no settings or caches of the user's. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly home: string; readonly input?: string },
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env['PATH'], HOME: options.home };
    const child = execFile(program, args, { env, timeout: TIME_LIMIT }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
    child.stdin?.end(options.input ?? '');
  });
}

/** The standard output of a program that must succeed. */
export async function outputOf(
  program: string,
  args: readonly string[],
  options: { readonly home: string; readonly input?: string },
): Promise<string> {
  const { code, stdout, stderr } = await runProgram(program, args, options);
  if (code === 0) return stdout;
  throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${stderr}`);
}
