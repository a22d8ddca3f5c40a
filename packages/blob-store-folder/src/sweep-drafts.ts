import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDraftName } from './folder-layout.ts';

export interface DraftSweep {
  /** The folder of drafts. */
  readonly folder: string;
  /** Whether a draft is one that this process is writing. */
  readonly isOwn: (path: string) => boolean;
  /** ms since the epoch; what was last written to before it was left behind. */
  readonly idleSince: number;
}

/**
 * Removes the drafts that dead processes left behind, and answers how many bytes the drafts of living ones have by now.
 * Files that no store put there are left alone.
 */
export async function sweepDrafts({ folder, isOwn, idleSince }: DraftSweep): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!isDraftName(name) || isOwn(path)) continue;
    bytes += await sweepDraft(path, idleSince);
  }
  return bytes;
}

/** Bytes that the draft goes on to take. */
async function sweepDraft(path: string, idleSince: number): Promise<number> {
  const found = await lstat(path).catch(() => undefined); // committed or removed meanwhile
  if (found?.isFile() !== true) return 0;
  if (found.mtimeMs >= idleSince) return found.size;
  try {
    await rm(path, { force: true });
    return 0;
  } catch {
    // Another user's perhaps. It does no harm beyond the room that it takes.
    return found.size;
  }
}
