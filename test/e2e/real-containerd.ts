import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCommand } from './command-process.ts';
import { outputOf, programsOnPath } from './real-programs.ts';

export interface RunningContainerd extends AsyncDisposable {
  /** The standard output of a command of its client, which must succeed. */
  ctr(...args: readonly string[]): Promise<string>;
}

/** Debian's containerd with everything in one folder. It keeps what is pulled and unpacks nothing, so it needs no mounts. */
export async function startContainerd(folder: string): Promise<RunningContainerd> {
  mkdirSync(folder, { recursive: true });
  const address = join(folder, 'socket');
  const file = join(folder, 'config.toml');
  // JSON strings are TOML strings.
  const setting = (key: string, value: string) => `${key} = ${JSON.stringify(value)}`;
  const lines = [
    'version = 2',
    setting('root', join(folder, 'root')),
    setting('state', join(folder, 'state')),
    // The part for Kubernetes wants a network.
    'disabled_plugins = ["io.containerd.grpc.v1.cri"]',
    '[grpc]',
    setting('address', address),
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const [program = ''] = programsOnPath('containerd');
  const [client = ''] = programsOnPath('ctr');
  const command = startCommand({ program, args: ['--config', file] });
  await command.line(/containerd successfully booted/);
  return {
    ctr: (...args) => outputOf(client, ['--address', address, ...args], { home: folder }),
    [Symbol.asyncDispose]: () => command[Symbol.asyncDispose](),
  };
}
