import { BlobStoreError, chooseEvictions, findShortage, type Shortage } from '@tagtrail/blob-store';
import type { Digest } from '@tagtrail/image-reference';
import type { BlobIndex } from './blob-index.ts';
import type { BlobFolderLimits } from './folder-limits.ts';
import type { FolderSurvey } from './folder-survey.ts';

/**
 * Choices of blobs to evict for one that comes. A choice that frees nothing has learned of a use by another process at
 * least, so a store whose other processes used a thousand blobs since the last choice asks its caller to come again.
 */
const EVICTION_ROUNDS = 1000;

export interface RoomParts {
  readonly folder: string;
  /** Bytes. */
  readonly quota: number;
  readonly limits: BlobFolderLimits;
  readonly index: BlobIndex;
  readonly survey: FolderSurvey;
  readonly now: () => number;
  readonly isHeld: (digest: Digest) => boolean;
  /** Removes a blob unless somebody holds it or has used it since, and learns of that use. */
  readonly remove: (digest: Digest, unusedSince: number) => Promise<boolean>;
}

/** Sees to it that blobs and the drafts of this process stay within the quota. */
export class FolderRoom {
  readonly #parts: RoomParts;
  #reserved = 0;
  /** One evicts at a time; the next one may find room already. */
  #turn: Promise<void> = Promise.resolve();

  constructor(parts: RoomParts) {
    this.#parts = parts;
  }

  /** Bytes of all blobs and drafts, those of this process as large as they will be. */
  get taken(): number {
    const { index, survey } = this.#parts;
    return index.bytes + this.#reserved + survey.draftBytes;
  }

  /** Reserves `size` bytes, by eviction if it must. Throws BlobStoreError. */
  async reserve(size: number): Promise<void> {
    const { quota, folder } = this.#parts;
    if (size > quota) {
      const message = `a blob of ${size} bytes is larger than all of ${folder} may be: ${quota} bytes; raise the quota`;
      throw new BlobStoreError('no-room', message);
    }
    if (this.#take(size)) return;
    const turn = this.#turn.then(() => this.#evictFor(size));
    this.#turn = turn.catch(() => {}); // its caller hears of it
    await turn;
  }

  /** Gives back what was reserved. */
  release(size: number): void {
    this.#reserved -= size;
  }

  /** Resolves when nothing is evicted any more. */
  async settle(): Promise<void> {
    await this.#turn;
  }

  #shortage(size: number): Shortage | undefined {
    const { quota, limits } = this.#parts;
    return findShortage(size, { taken: this.taken, quota, lowWater: limits.lowWater });
  }

  #take(size: number): boolean {
    if (this.#shortage(size) !== undefined) return false;
    this.#reserved += size;
    return true;
  }

  async #evictFor(size: number): Promise<void> {
    // Others may have made room already.
    await this.#parts.survey.refresh();
    for (let round = 0; round < EVICTION_ROUNDS; round++) {
      if (this.#take(size)) return;
      const isPossible = await this.#evictOnce(size);
      if (!isPossible) break;
    }
    if (!this.#take(size)) throw this.#noRoom(size);
  }

  /** False, and nothing evicted, when all that may go would not be enough. */
  async #evictOnce(size: number): Promise<boolean> {
    const { index, limits, now, isHeld, remove } = this.#parts;
    const shortage = this.#shortage(size);
    if (shortage === undefined) return true;
    const unusedSince = now() - limits.evictionGrace;
    const rules = { ...shortage, batch: limits.evictionBatch, unusedSince, isHeld };
    const chosen = chooseEvictions(index.leastRecentFirst(), rules);
    // One after the other: the threads of the file system are there for those who read, too.
    const uses = chosen?.map(({ digest, usedAt }) => ({ digest, usedAt })) ?? [];
    // Who was used later than was known here gets its new place in the order instead.
    for (const { digest, usedAt } of uses) await remove(digest, usedAt);
    return chosen !== undefined;
  }

  #noRoom(size: number): BlobStoreError {
    const { folder, quota, index, limits, survey } = this.#parts;
    const drafts = this.#reserved + survey.draftBytes;
    const grace = `${limits.evictionGrace / 1000} s`;
    return new BlobStoreError(
      'no-room',
      `no room for ${size} bytes in ${folder}: of ${quota} bytes, ${drafts} are promised to downloads and ${index.bytes} ` +
        `taken by blobs, too many of them being read or used within ${grace}; try again later or raise the quota`,
    );
  }
}
