import { dirname, join } from 'node:path';
import { isExecutable } from './find-program.ts';
import { runCommand } from './run-command.ts';

/** A server program that was run once and said its version. */
export interface RedisServer {
  /** Absolute path of the program. */
  readonly program: string;
  readonly name: 'redis-server' | 'valkey-server';
  /** For example '7.0.15'. */
  readonly version: string;
  /** Value for LD_LIBRARY_PATH when the program was unpacked rather than installed. */
  readonly libraries: string | undefined;
}

/** The outcome of one way to come by a server. */
export type ServerSearch =
  | { readonly ok: true; readonly server: RedisServer }
  | { readonly ok: false; readonly reason: string };

/** 6.2 brought XAUTOCLAIM and LMOVE; BullMQ recommends the same. */
const OLDEST_VERSION = [6, 2] as const;

/** `--version` prints one line; this is for a program on a dead network mount. */
const VERSION_TIME_LIMIT = 10_000;

/** Runs `program --version` and says whether it is a server that will do. */
export async function probeServer(
  program: string,
  libraries: string | undefined,
): Promise<ServerSearch> {
  const env = libraryEnvironment(libraries);
  const result = await runCommand(program, ['--version'], { env, timeLimit: VERSION_TIME_LIMIT });
  if (!result.ok) return { ok: false, reason: `${program} doesn't run: ${result.failure}` };
  const spoken = /(Redis|Valkey) server v=(\d+)\.(\d+)\.\d+/.exec(result.stdout);
  if (!spoken) return { ok: false, reason: `${program} doesn't say its version` };
  const version = spoken[0].slice(spoken[0].indexOf('=') + 1);
  if (isTooOld(Number(spoken[2]), Number(spoken[3]))) {
    const oldest = OLDEST_VERSION.join('.');
    return { ok: false, reason: `${program} is ${version}, older than ${oldest}` };
  }
  const name = spoken[1] === 'Valkey' ? 'valkey-server' : 'redis-server';
  return { ok: true, server: { program, name, version, libraries } };
}

/** The repair tool that came with the server, if it is there. */
export async function logRepairTool(server: RedisServer): Promise<string | undefined> {
  const name = server.name === 'valkey-server' ? 'valkey-check-aof' : 'redis-check-aof';
  const program = join(dirname(server.program), name);
  return (await isExecutable(program)) ? program : undefined;
}

/** LD_LIBRARY_PATH only when there is something to put in: an empty one means the working folder. */
export function libraryEnvironment(libraries: string | undefined): Record<string, string> {
  return libraries ? { LC_ALL: 'C', LD_LIBRARY_PATH: libraries } : { LC_ALL: 'C' };
}

function isTooOld(major: number, minor: number): boolean {
  return major < OLDEST_VERSION[0] || (major === OLDEST_VERSION[0] && minor < OLDEST_VERSION[1]);
}
