import { access, constants, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Environment, programFolders } from '../environment.ts';

/** The first executable file called `name` in the folders of PATH. */
export async function findProgram(
  name: string,
  environment: Environment,
): Promise<string | undefined> {
  for (const folder of programFolders(environment)) {
    const path = join(folder, name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

/** Whether `path` is a file that this user may run. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    // Absent, unreadable or a dangling link: for a search all the same.
    return false;
  }
}
