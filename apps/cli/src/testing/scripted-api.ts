import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Status } from '@tagtrail/apimachinery';
import {
  type Answer,
  json,
  openScriptedServer,
  type SeenRequest,
} from '../../../../packages/api-client/src/testing/scripted-server.ts';
import { type Environment, readEnvironment } from '../config.ts';
import { runCli } from '../run-cli.ts';

export { type Answer, json } from '../../../../packages/api-client/src/testing/scripted-server.ts';

/** An API that answers by a script, and the command to run against it in namespace demo. */
export interface ScriptedApi extends AsyncDisposable {
  /** The answers are given one after the other; the last one stays. */
  run(line: string, ...script: Answer[]): Promise<CommandResult>;
  /** As `run`, with a person watching stderr. */
  runOnTerminal(line: string, ...script: Answer[]): Promise<CommandResult>;
  readonly requests: readonly SeenRequest[];
  /** `METHOD path` of every request so far. */
  dialogue(): readonly string[];
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `namespaced: false` is for commands that are about all namespaces, and get no `-n demo`. */
export async function openScriptedApi({ namespaced = true } = {}): Promise<ScriptedApi> {
  const server = await openScriptedServer();
  const connection = [
    ...(namespaced ? ['-n', 'demo'] : []),
    '--server',
    server.url,
    '--token',
    't',
  ];
  const run = (line: string, script: readonly Answer[], stderr = new PassThrough()) => {
    server.script(...script);
    return runWith([...line.split(' '), ...connection], readEnvironment(), stderr);
  };
  return {
    run: (line, ...script) => run(line, script),
    runOnTerminal: (line, ...script) =>
      run(line, script, Object.assign(new PassThrough(), { isTTY: true })),
    requests: server.requests,
    dialogue: () => server.requests.map(({ method, url }) => `${method} ${url.pathname}`),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Runs a command in this process, within its own folder. */
export async function runCommand(
  args: readonly string[],
  stdin = '',
  cwd = process.cwd(),
): Promise<CommandResult> {
  const environment = { ...readEnvironment(), cwd, openStdin: () => oneChunk(stdin) };
  return runWith(args, environment, new PassThrough());
}

async function runWith(
  args: readonly string[],
  environment: Environment,
  stderr: PassThrough,
): Promise<CommandResult> {
  const stdout = new PassThrough();
  // Read at once: a pipe that nobody reads is full some time.
  const told = [text(stdout), text(stderr)] as const;
  const exitCode = await runCli(args, environment, { stdout, stderr });
  stdout.end();
  stderr.end();
  return { exitCode, stdout: await told[0], stderr: await told[1] };
}

async function* oneChunk(chunk: string) {
  yield chunk;
}

/** Answers with a Status of failure. */
export function refuse(code: number, status: Status): Answer {
  return json(code, { ...status, code });
}
