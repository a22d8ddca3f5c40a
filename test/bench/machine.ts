import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { ROOT } from '../e2e/installation.ts';

/** What a figure needs to be believed: where, with what, when and how it was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  readonly redis: string;
  readonly date: string;
  readonly revision: string;
  readonly command: string;
}

/** `redis` is what the server calls itself, `redis-server 7.0.15`. */
export function describeMachine(redis: string, command: string): Machine {
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    node: process.version,
    redis,
    date: new Date().toISOString().slice(0, 10),
    revision: revision(),
    command,
  };
}

/** The line above every table. */
export function machineLine({ cpu, cores, node, redis, date, command }: Machine): string {
  return `${cores} cores of ${cpu}, Node ${node}, ${redis}, ${date}: ${command}`;
}

function revision(): string {
  try {
    return execFileSync('git', ['-C', ROOT, 'rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown'; // an unpacked archive has no history
  }
}
