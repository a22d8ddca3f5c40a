import { constants } from 'node:fs';
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BlobStoreError } from '@tagtrail/blob-store';
import type { Digest } from '@tagtrail/image-reference';
import { systemErrorCode } from './folder-error.ts';
import type { FolderLayout } from './folder-layout.ts';

/** Said by file systems on which a folder needs no sync of its own, or cannot have one. */
const NO_FOLDER_SYNC = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP']);

/** For this user only: blobs may be of private repositories. */
export const FOLDER_MODE = 0o700;

/** Puts drafts that are on the disk in the places of their blobs, so that they are found there after a crash, too. */
export class FilePublisher {
  readonly #layout: FolderLayout;
  /** Shards that this process knows to be on the disk themselves. */
  readonly #lasting = new Set<string>();

  constructor(layout: FolderLayout) {
    this.#layout = layout;
  }

  /**
   * Moves `draft` to the place of its blob, at once and whole. When another process was first, its file stays: it is the
   * same bytes, and somebody may be reading it.
   */
  async publish(draft: string, digest: Digest, size: number): Promise<void> {
    const place = this.#layout.blob(digest);
    if (await isFileOf(place, size)) await rm(draft, { force: true });
    else await this.#move(draft, place);
    await this.#makeLast(dirname(place));
  }

  async #move(draft: string, place: string): Promise<void> {
    try {
      await rename(draft, place);
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') throw error;
      await makeFolder(dirname(place));
      this.#lasting.delete(dirname(place));
      await rename(draft, place).catch(refuseLost);
    }
  }

  /** Also when the file was there already: whoever put it there may not have come this far. */
  async #makeLast(shard: string): Promise<void> {
    await syncFolder(shard);
    if (this.#lasting.has(shard)) return;
    await syncFolder(dirname(shard));
    this.#lasting.add(shard);
  }
}

/** The folder is there, so it is the draft that is not. */
function refuseLost(error: unknown): never {
  if (systemErrorCode(error) !== 'ENOENT') throw error;
  const message =
    'a draft was removed before it was done: nothing was written to it for so long that it was taken for left behind';
  throw new BlobStoreError('unavailable', message, { cause: error });
}

/** Makes a folder unless it is there. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: FOLDER_MODE });
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
  }
}

/** Resolves when the names in a folder are on the disk. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await folder.sync();
  } catch (error) {
    if (!NO_FOLDER_SYNC.has(systemErrorCode(error) ?? '')) throw error;
  } finally {
    await folder.close();
  }
}

/** False for what is no regular file or has another size: the rename replaces it. */
async function isFileOf(place: string, size: number): Promise<boolean> {
  const found = await lstat(place).catch(() => undefined); // the rename says what is wrong
  return found?.isFile() === true && found.size === size;
}
