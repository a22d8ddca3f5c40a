import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** ms for one block: the longest starts four processes and waits for the API. */
const BLOCK_LIMIT = 240_000;
/** ms for everything that the shell started to end after SIGTERM. */
const END_LIMIT = 10_000;
/** Lines shown of a block that failed. */
const SHOWN_LINES = 40;

/** One shell session, as an operator has it: what a block exports or starts is there for the next one. */
export interface Shell extends AsyncDisposable {
  /** Resolves with what the block printed. Rejects when one of its commands fails. */
  run(block: string): Promise<string>;
}

export interface ShellOptions {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Opens a bash of its own process group; disposing it ends everything that was started in it. */
export function openShell({ cwd, environment }: ShellOptions): Shell {
  const child = spawn('bash', ['--norc', '--noprofile', '-s'], {
    cwd,
    env: environment,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const lines = collectLines(child);
  const ended = once(child, 'close');
  // Stops at the first command that fails, those in pipes too; processes in the background do not count. Its end, also
  // that of a test runner that is killed, ends the whole group.
  child.stdin.write("set -e -o pipefail\ntrap 'trap - TERM; kill 0' EXIT\n");
  return {
    run: (block) => runBlock({ child, lines, block }),
    async [Symbol.asyncDispose]() {
      killGroup(child, 'SIGTERM');
      const late = setTimeout(() => killGroup(child, 'SIGKILL'), END_LIMIT);
      await ended;
      clearTimeout(late);
    },
  };
}

interface Run {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly block: string;
}

/** The block stands in braces, so that bash has read it whole before its commands read from the same input. */
async function runBlock({ child, lines, block }: Run): Promise<string> {
  const from = lines.length;
  const end = `done-${crypto.randomUUID()}`;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const failed = (why: string) => {
    const said = lines.slice(from).slice(-SHOWN_LINES).join('\n');
    reject(new Error(`${why}:\n${block}\nIt printed:\n${said}`));
  };
  const look = () => {
    const at = lines.indexOf(end, from);
    if (at >= 0) resolve(lines.slice(from, at).join('\n'));
  };
  const onClose = () => failed('a command failed');
  const timer = setTimeout(() => failed(`not done after ${BLOCK_LIMIT} ms`), BLOCK_LIMIT);
  child.on('line', look).once('close', onClose);
  // What a block printed last may be without an end of line.
  child.stdin?.write(`{\n${block}\n} </dev/null\nprintf '\\n%s\\n' ${end}\n`);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    child.off('line', look).off('close', onClose);
  }
}

function collectLines(child: ChildProcess): string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      child.emit('line');
    });
  }
  return lines;
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Everybody has ended already.
  }
}
