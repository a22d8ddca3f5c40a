import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { defaultCache, findRedisServer } from '@tagtrail/embedded-redis';
import { freePort } from '../free-port.ts';
import { ROOT } from './installation.ts';
import { openShell, type Shell } from './operations-shell.ts';

/** Ports that the document uses. */
const PORTS = ['5420', '6379', '8420', '9441', '9442', '9443', '9444', '9445', '9446'];

/** A place where the commands of docs/operations.md can be run without disturbing anybody. */
export interface Workplace extends AsyncDisposable {
  readonly folder: string;
  /** The port that stands for one of the document. */
  port(documented: string): number;
  /** A command as it is run here: with folders of this place, and its ports. */
  translate(command: string): string;
  /** The session in which the commands are run. */
  readonly shell: Shell;
  /** Opens another one, in the root of the checkout. */
  openSession(): Shell;
}

export async function openWorkplace(): Promise<Workplace> {
  await using opening = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'tagtrail-operations-'));
  opening.defer(() => rmSync(folder, { recursive: true, force: true }));
  for (const path of ['etc/prometheus', 'opt']) mkdirSync(join(folder, path), { recursive: true });
  symlinkSync(join(ROOT, 'deploy'), join(folder, 'deploy'));
  const ports = new Map<string, number>();
  for (const port of PORTS) ports.set(port, await freePort());
  const port = (documented: string) => ports.get(documented) ?? Number.NaN;
  const environment = {
    ...(await programs()),
    HOME: folder,
    // `tagtrail api` and `tagtrail registry` have no port in their commands.
    TAGTRAIL_API_PORT: String(port('8420')),
    TAGTRAIL_REGISTRY_PORT: String(port('5420')),
  };
  const shell = opening.use(openShell({ cwd: folder, environment }));
  const opened = opening.move();
  return {
    folder,
    port,
    translate: (command) =>
      command
        .replace(/(?<=[\s"/=])\/?(etc|opt)\/(?=tagtrail|prometheus)/g, `${folder}/$1/`)
        .replace(/(?<!\d)\d{4}(?!\d)/g, (digits) => String(ports.get(digits) ?? digits))
        // Where a command has no port, it gets one.
        .replace(/\bredis-server /, `redis-server --port ${port('6379')} `)
        .replace(/\bredis-cli (?!-u)/g, `redis-cli -p ${port('6379')} `)
        .replace('tagtrail up ', `tagtrail up --port ${port('8420')} `)
        .replace(' ./records', ` ${folder}/records`),
    shell,
    openSession: () => openShell({ cwd: ROOT, environment }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** PATH with the checkout's own programs and those of Redis, wherever they were found. */
async function programs(): Promise<Readonly<Record<string, string>>> {
  const { program, libraries } = await findRedisServer({
    cache: await defaultCache(process.env),
    environment: process.env,
  });
  const own = [join(ROOT, 'apps/cli/bin'), join(ROOT, 'node_modules/.bin'), dirname(program)];
  return {
    PATH: [...own, process.env['PATH'] ?? ''].join(delimiter),
    ...(libraries !== undefined && { LD_LIBRARY_PATH: libraries }),
  };
}
