import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobStore } from '@tagtrail/blob-store';
import { type BlobFolderOptions, openBlobFolder } from '../open-blob-folder.ts';

export const MINUTE = 60_000;

/** A folder of its own, and a clock that stands still until it is set. */
export interface FolderForTest extends AsyncDisposable {
  readonly folder: string;
  readonly clock: { ms: number };
  open(options?: Partial<BlobFolderOptions>): Promise<BlobStore>;
}

export async function makeFolderForTest(): Promise<FolderForTest> {
  const folder = await mkdtemp(join(tmpdir(), 'blob-folder-'));
  const clock = { ms: Date.now() };
  const now = () => clock.ms;
  return {
    folder,
    clock,
    open: (options) => openBlobFolder({ folder, quota: 1e9, now, ...options }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
