import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { childEnvironment, type Environment } from '../environment.ts';
import { findProgram } from './find-program.ts';
import { type CommandResult, runCommand } from './run-command.ts';

/** A slow mirror gives some 100 KB/s: 10 MB of lists, 2 MB of packages. */
const APT_TIME_LIMIT = 180_000;

/** dpkg -x of the largest package here takes 0.1 s. */
const EXTRACT_TIME_LIMIT = 30_000;

/** Hooks of the machine's own configuration clean its cache or feed its desktop: not for a private look. */
const OWN_SETTINGS = `#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
`;

/** Only Depends and Pre-Depends, each with its own. */
const DEPENDS = ['depends', '--recurse', '--important'];

/** apt with lists and cache of its own: no root, no lock, no trace in the machine's state. */
export interface PrivateApt {
  /** Fetches the package lists of the machine's own sources. */
  update(): Promise<CommandResult>;
  /** Downloads packages and unpacks them into `root`; what apt could not verify never gets that far. */
  unpack(packages: readonly string[], root: string): Promise<CommandResult>;
  /** The names of everything `name` depends on, directly or not; empty when apt can't say. */
  dependencies(name: string): Promise<readonly string[]>;
}

type AptOpening =
  | { readonly ok: true; readonly apt: PrivateApt }
  | { readonly ok: false; readonly reason: string };

type AptPrograms =
  | { readonly ok: true; readonly programs: Record<'get' | 'cache' | 'dpkg', string> }
  | { readonly ok: false; readonly reason: string };

/**
 * Sets apt up to work inside `folder`, or says which program is missing.
 *
 * `Dir::State` itself stays where it is, so that dpkg's status remains readable. The chain of trust is apt's: the keyring of
 * the machine's sources → InRelease → Packages → the .deb's hash. `dpkg -x` checks nothing, so it only sees what apt has just
 * downloaded into a fresh folder with success.
 */
export async function openPrivateApt(
  folder: string,
  environment: Environment,
): Promise<AptOpening> {
  const found = await findPrograms(environment);
  if (!found.ok) return found;
  const { programs } = found;
  const options = await prepare(folder);
  const env = childEnvironment(environment, folder);
  const run = (program: string, args: readonly string[], cwd = folder) =>
    runCommand(program, args, { env, cwd, timeLimit: APT_TIME_LIMIT });

  const apt: PrivateApt = {
    update: () => run(programs.get, [...options, '-qq', 'update']),
    dependencies: async (name) => {
      const found = await run(programs.cache, [...options, ...DEPENDS, name]);
      return found.stdout.split('\n').filter((line) => /^[a-z0-9]/.test(line));
    },
    unpack: async (packages, root) => {
      const debs = await mkdtemp(join(folder, 'debs-'));
      const fetched = await run(programs.get, [...options, '-qq', 'download', ...packages], debs);
      if (!fetched.ok) return fetched;
      return extract(debs, root, (deb) =>
        runCommand(programs.dpkg, ['-x', deb, root], { env, timeLimit: EXTRACT_TIME_LIMIT }),
      );
    },
  };
  return { ok: true, apt };
}

async function findPrograms(environment: Environment): Promise<AptPrograms> {
  const [get, cache, dpkg] = await Promise.all([
    findProgram('apt-get', environment),
    findProgram('apt-cache', environment),
    findProgram('dpkg', environment),
  ]);
  if (!get || !cache) return { ok: false, reason: 'apt-get is not on PATH' };
  if (!dpkg) return { ok: false, reason: 'dpkg is not on PATH' };
  return { ok: true, programs: { get, cache, dpkg } };
}

async function prepare(folder: string): Promise<readonly string[]> {
  const lists = join(folder, 'lists');
  const cache = join(folder, 'cache');
  const settings = join(folder, 'apt.conf');
  await mkdir(lists);
  await mkdir(cache);
  await writeFile(settings, OWN_SETTINGS);
  const values = [
    `Dir::State::Lists=${lists}`,
    `Dir::Cache=${cache}`,
    'APT::Sandbox::User=root', // as root, `_apt` could not write into our private folder
    'Acquire::AllowInsecureRepositories=false',
    'APT::Get::AllowUnauthenticated=false',
    'APT::Update::Error-Mode=any', // or a machine without network passes for one without packages
    'Acquire::Languages=none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false',
    'Acquire::Retries=1',
    'Acquire::http::Timeout=20',
    'Acquire::https::Timeout=20',
  ];
  return ['-c', settings, ...values.flatMap((value) => ['-o', value])];
}

async function extract(
  debs: string,
  root: string,
  run: (deb: string) => Promise<CommandResult>,
): Promise<CommandResult> {
  await mkdir(root, { recursive: true });
  const names = (await readdir(debs)).filter((name) => name.endsWith('.deb'));
  let last: CommandResult = { ok: false, stdout: '', failure: 'apt-get download left no package' };
  for (const name of names) {
    last = await run(join(debs, name));
    if (!last.ok) break;
  }
  await rm(debs, { recursive: true, force: true });
  return last;
}
