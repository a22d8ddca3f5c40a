import { mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Environment } from './environment.ts';
import { makeFolder } from './make-folder.ts';

/** Bits by which somebody else could change a program that we are about to run. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * The per-user folder for unpacked servers: `$XDG_CACHE_HOME/tagtrail`, else `~/.cache/tagtrail`, else one under the temporary
 * folder; the first that can be made, belongs to this user, and is writable by nobody else.
 */
export async function defaultCache(environment: Environment): Promise<string> {
  const { XDG_CACHE_HOME: cacheHome, HOME: home } = environment;
  const folders = [
    join(cacheHome ?? '', 'tagtrail'),
    join(home ?? '', '.cache/tagtrail'),
    join(tmpdir(), `tagtrail-cache-${process.getuid?.() ?? 'user'}`),
  ];
  for (const folder of folders) {
    if (isAbsolute(folder) && (await isPrivate(folder))) return folder;
  }
  return mkdtemp(join(tmpdir(), 'tagtrail-cache-')); // somebody else made the one with our name
}

async function isPrivate(folder: string): Promise<boolean> {
  try {
    await makeFolder(folder);
    const { uid, mode } = await stat(folder);
    return uid === (process.getuid?.() ?? uid) && (mode & WRITABLE_BY_OTHERS) === 0;
  } catch {
    return false; // no such home, or a file in its place: the next folder will do
  }
}
