import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type Environment, runCli } from '../../apps/cli/src/index.ts';

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandSurroundings {
  readonly cwd: string;
  readonly server: string;
  readonly token: string;
  readonly stdin?: string;
}

/** Runs a tagtrail command in this process against an API. A process of its own would take half a second each time. */
export async function runTagtrail(
  args: readonly string[],
  { cwd, server, token, stdin = '' }: CommandSurroundings,
): Promise<CommandResult> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const environment: Environment = {
    variables: {},
    cwd,
    command: [process.execPath],
    fromSources: true,
    openStdin: () => oneChunk(stdin),
    openTerminal: () => undefined,
  };
  const line = [...args, '--server', server, '--token', token];
  // Read at once: a pipe that nobody reads is full some time.
  const told = [text(stdout), text(stderr)] as const;
  const exitCode = await runCli(line, environment, { stdout, stderr });
  stdout.end();
  stderr.end();
  return { exitCode, stdout: await told[0], stderr: await told[1] };
}

async function* oneChunk(chunk: string) {
  yield chunk;
}
