import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder, and its parents where they are missing, for this user alone (0700); one that exists stays as it is.
 *
 * Not `mkdir` with `recursive`: where making a folder in an existing one fails with ENOENT, as everywhere in /proc, Node 24
 * tries again for ever.
 */
export async function makeFolder(path: string): Promise<void> {
  const failure = await attempt(path);
  if (failure === undefined) return;
  const parent = dirname(path);
  if (failure.code !== 'ENOENT' || parent === path) throw failure;
  await makeFolder(parent);
  const again = await attempt(path);
  if (again) throw again;
}

async function attempt(path: string): Promise<NodeJS.ErrnoException | undefined> {
  try {
    await mkdir(path, { mode: 0o700 });
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isThere = await stat(path).then(
      (seen) => seen.isDirectory(),
      () => false,
    );
    return isThere ? undefined : error;
  }
}
