import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { BlobStore } from '@tagtrail/blob-store';
import type { Digest } from '@tagtrail/image-reference';
import { BlobFolder } from './blob-folder.ts';
import { inFolder } from './folder-error.ts';
import { FolderLayout } from './folder-layout.ts';
import { type BlobFolderLimits, DEFAULT_LIMITS } from './folder-limits.ts';
import { FOLDER_MODE, makeFolder, syncFolder } from './publish-file.ts';

export interface BlobFolderOptions {
  /** Made with mode 0700 unless it is there. Several processes may have the same one open, each with the same quota. */
  readonly folder: string;
  /** Bytes that blobs and drafts may have together; a file system rounds each up to its blocks. */
  readonly quota: number;
  /** ms since the epoch; the clock without it. */
  readonly now?: (() => number) | undefined;
  readonly limits?: Partial<BlobFolderLimits> | undefined;
}

/** What the trial draft is named after. */
const NO_BLOB: Digest = `sha256:${'0'.repeat(64)}`;

/**
 * Opens a store of blobs in a folder and reads what is there: about a second for 100,000 blobs. Nothing needs mending after a
 * crash: what was not committed is no blob.
 *
 * @throws BlobStoreError `unavailable` or `no-room` when the folder cannot be written to, with the cause
 */
export async function openBlobFolder(options: BlobFolderOptions): Promise<BlobStore> {
  const { folder, quota, now = Date.now } = options;
  if (!Number.isSafeInteger(quota) || quota < 0) throw new RangeError(`no quota: ${quota}`);
  const layout = new FolderLayout(resolve(folder));
  await inFolder(layout.root, 'store blobs', () => prepare(layout));
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const store = new BlobFolder({ layout, quota, now, limits });
  await store.load();
  return store;
}

/** Finds out now, and not with the first blob, whether anything can be stored. */
async function prepare(layout: FolderLayout): Promise<void> {
  await mkdir(layout.root, { recursive: true, mode: FOLDER_MODE });
  for (const folder of layout.folders) {
    await makeFolder(folder);
    await syncFolder(dirname(folder));
  }
  const trial = layout.newDraft(NO_BLOB);
  const file = await open(trial, 'wx', 0o600);
  await file.close();
  await rm(trial, { force: true });
}
