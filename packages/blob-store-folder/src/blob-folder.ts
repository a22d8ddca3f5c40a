import { unlink } from 'node:fs/promises';
import {
  type BlobDraft,
  type BlobStore,
  type HeldBlob,
  mayRemove,
  type StorageUsage,
  type StoredBlob,
} from '@tagtrail/blob-store';
import type { Digest } from '@tagtrail/image-reference';
import { BlobIndex } from './blob-index.ts';
import { openDraft } from './folder-draft.ts';
import { inFolder, systemErrorCode } from './folder-error.ts';
import type { FolderLayout } from './folder-layout.ts';
import type { BlobFolderLimits } from './folder-limits.ts';
import { FolderRoom } from './folder-room.ts';
import { FolderSurvey, lookAtBlob } from './folder-survey.ts';
import { HeldFile, type OpenFile, openRegularFile } from './held-file.ts';
import { HoldCount } from './hold-count.ts';
import { FilePublisher } from './publish-file.ts';

export interface BlobFolderParts {
  readonly layout: FolderLayout;
  /** Bytes. */
  readonly quota: number;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly limits: BlobFolderLimits;
}

/**
 * Blobs as files. The folder is the truth and the file system its only lock: a blob is there when its file has its name,
 * which it gets whole and flushed; a file's modification time is when its blob was used. The index is for counting only.
 *
 * ```
 *   create ─▶ room ─▶ draft ─ write… ─▶ verify ─▶ fsync ─▶ rename ─▶ fsync of the folder ─▶ open… ─▶ evicted, removed
 *              │ evicts                   └─ not what was announced, or disposed of: unlinked
 * ```
 */
export class BlobFolder implements BlobStore {
  readonly #layout: FolderLayout;
  readonly #quota: number;
  readonly #now: () => number;
  readonly #limits: BlobFolderLimits;
  readonly #index = new BlobIndex();
  readonly #holds = new HoldCount();
  readonly #drafts = new Set<string>();
  readonly #publisher: FilePublisher;
  readonly #survey: FolderSurvey;
  readonly #room: FolderRoom;

  constructor({ layout, quota, now, limits }: BlobFolderParts) {
    this.#layout = layout;
    this.#quota = quota;
    this.#now = now;
    this.#limits = limits;
    this.#publisher = new FilePublisher(layout);
    const { surveyInterval: interval, draftIdle } = limits;
    const isOwnDraft = (path: string) => this.#drafts.has(path);
    const index = this.#index;
    this.#survey = new FolderSurvey({ layout, index, now, interval, draftIdle, isOwnDraft });
    const remove = (digest: Digest, unusedSince: number) => this.remove(digest, unusedSince);
    const isHeld = this.#holds.isHeld;
    const survey = this.#survey;
    const folder = layout.root;
    this.#room = new FolderRoom({ folder, quota, limits, index, survey, now, isHeld, remove });
  }

  /** Reads what is stored. Once, before anything else. */
  async load(): Promise<void> {
    await this.#survey.refresh();
  }

  async open(digest: Digest): Promise<HeldBlob | undefined> {
    const path = this.#layout.blob(digest);
    const folder = this.#layout.root;
    const onEnd = this.#holds.hold(digest);
    try {
      const file = await inFolder(folder, `open ${digest}`, () => openRegularFile(path));
      if (file !== undefined) {
        await this.#markUse(digest, file);
        const { handle, stats } = file;
        return new HeldFile({ digest, size: stats.size, handle, folder, onEnd });
      }
    } catch (error) {
      onEnd();
      throw error;
    }
    onEnd();
    this.#index.delete(digest);
    return undefined;
  }

  async create(digest: Digest, size: number): Promise<BlobDraft> {
    if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`no size of a blob: ${size}`);
    const path = this.#layout.newDraft(digest);
    this.#survey.refreshInBackground();
    await this.#room.reserve(size);
    this.#drafts.add(path);
    const onEnd = (end: 'committed' | 'discarded') => {
      this.#drafts.delete(path);
      this.#room.release(size);
      if (end === 'committed') this.#index.put({ digest, size, usedAt: this.#now() });
    };
    const publish = (draft: string) => this.#publisher.publish(draft, digest, size);
    try {
      const folder = this.#layout.root;
      return await openDraft({ digest, size, folder, path, now: this.#now, publish, onEnd });
    } catch (error) {
      onEnd('discarded');
      throw error;
    }
  }

  async *list(): AsyncGenerator<StoredBlob> {
    await this.#survey.refresh();
    for (const digest of this.#index.digests()) {
      const blob = this.#index.get(digest);
      if (blob !== undefined) yield { digest, size: blob.size, usedAt: blob.usedAt };
    }
  }

  /** Asks the folder, where other processes note what they use. */
  async remove(digest: Digest, unusedSince: number): Promise<boolean> {
    const path = this.#layout.blob(digest);
    const use = { unusedSince, isHeld: this.#holds.isHeld };
    return inFolder(this.#layout.root, `remove ${digest}`, async () => {
      const found = await lookAtBlob(this.#layout, digest, this.#now());
      if (found === undefined) {
        this.#index.delete(digest);
        return false;
      }
      this.#index.put(found);
      if (!mayRemove(this.#index.get(digest) ?? found, use)) return false;
      const isGone = await unlinkFile(path);
      this.#index.delete(digest);
      return isGone;
    });
  }

  usage(): StorageUsage {
    this.#survey.refreshInBackground();
    return { blobs: this.#index.count, bytes: this.#room.taken, quota: this.#quota };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#room.settle();
    await this.#survey.settle();
  }

  /** In memory at once; in the folder when the note there is old, so that other processes and the next start know. */
  async #markUse(digest: Digest, { handle, stats }: OpenFile): Promise<void> {
    const now = this.#now();
    this.#index.put({ digest, size: stats.size, usedAt: now });
    if (Math.abs(now - stats.mtimeMs) < this.#limits.markInterval) return;
    // On a file system that cannot be written to, blobs can still be read.
    await handle.utimes(now / 1000, now / 1000).catch(() => {});
  }
}

/** False when another process was faster. */
async function unlinkFile(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
