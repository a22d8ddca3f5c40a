import { delimiter, resolve } from 'node:path';

/** Environment variables as they were at the start. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What the command finds around itself. The only place of the CLI that reads `process.env`. */
export interface Environment {
  readonly variables: Variables;
  readonly cwd: string;
  /** How to start this command again: program and first arguments. */
  readonly command: readonly [program: string, ...args: string[]];
  /** True in a checkout, where the command is `npx tagtrail` and not `tagtrail`. */
  readonly fromSources: boolean;
  /** Opened when it is asked for: most commands do not read it. */
  readonly openStdin: () => AsyncIterable<Uint8Array | string>;
  /** Where somebody types; undefined when standard input is no terminal. */
  readonly openTerminal: () => NodeJS.ReadableStream | undefined;
}

export function readEnvironment(): Environment {
  const entry = resolve(process.argv[1] ?? '');
  return {
    variables: Object.freeze({ ...process.env }),
    cwd: process.cwd(),
    command: [process.execPath, ...process.execArgv, entry],
    fromSources: entry.endsWith('.ts'),
    openStdin: () => process.stdin,
    openTerminal: () => (process.stdin.isTTY === true ? process.stdin : undefined),
  };
}

/** NO_COLOR counts when it is set to anything. Source: no-color.org. */
export function wantsNoColor(variables: Variables): boolean {
  return (variables['NO_COLOR'] ?? '') !== '' || variables['TERM'] === 'dumb';
}

/** Whether a terminal understands more than lines of text. */
export function mayMoveCursor(variables: Variables): boolean {
  return variables['TERM'] !== 'dumb';
}

/** The Redis that the user brought along, or undefined: then `up` starts its own. */
export function redisUrlOf(variables: Variables): string | undefined {
  return variables['TAGTRAIL_REDIS_URL'] || variables['REDIS_URL'] || undefined;
}

/** Files of the KUBECONFIG list, or undefined when it names none. */
export function kubeconfigOf(variables: Variables): string | undefined {
  const list = variables['KUBECONFIG']?.split(delimiter).filter((path) => path !== '') ?? [];
  return list.length === 0 ? undefined : list.join(delimiter);
}
