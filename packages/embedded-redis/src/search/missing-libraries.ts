import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';

/** ldd answers in milliseconds. */
const LDD_TIME_LIMIT = 10_000;

/** The library folders of an unpacked tree, as LD_LIBRARY_PATH wants them; undefined when it has none. */
export async function libraryFolders(root: string): Promise<string | undefined> {
  const folders: string[] = [];
  for (const parent of [join(root, 'usr/lib'), join(root, 'lib')]) {
    const names = await readdir(parent).catch(() => []);
    folders.push(...names.filter((name) => name.includes('-linux-')).map((n) => join(parent, n)));
  }
  return folders.length > 0 ? folders.join(':') : undefined;
}

/** The sonames that `program` needs and the loader can't find ('libjemalloc.so.2'). */
export async function missingLibraries(
  ldd: string,
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const { stdout } = await runCommand(ldd, [program], { env, timeLimit: LDD_TIME_LIMIT });
  const lines = stdout.split('\n').filter((line) => line.includes('=> not found'));
  return lines.map((line) => line.trim().split(' ')[0] ?? '');
}

/**
 * The packages among `names` that should hold `soname`, by the naming rule of Debian Policy 8.1: the library's name and version,
 * with a dash between them when the name ends in a digit (liblz4.so.1 → liblz4-1), perhaps followed by the mark of a
 * transition (libssl.so.3 → libssl3t64).
 */
export function packagesForLibrary(soname: string, names: readonly string[]): readonly string[] {
  const [library = '', version = ''] = soname.split('.so.');
  const spelled = library.toLowerCase().replaceAll('_', '-');
  const base = `${spelled}${/\d$/.test(spelled) ? '-' : ''}${version}`;
  return names.filter((name) => name === base || name === `${base}t64`);
}
