import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { StoredBlob } from '@tagtrail/blob-store';
import type { Digest } from '@tagtrail/image-reference';
import type { BlobIndex } from './blob-index.ts';
import { inFolder, systemErrorCode } from './folder-error.ts';
import {
  ALGORITHMS,
  type Algorithm,
  digestOfFile,
  type FolderLayout,
  isShardName,
  shardOf,
} from './folder-layout.ts';
import { sweepDrafts } from './sweep-drafts.ts';

/** Files that are looked at together: keeps the threads of the file system busy and the event loop free. */
const LOOK_BATCH = 64;
/** Blobs that are gone through between two turns of the event loop: about 5 ms. */
const SLICE = 10_000;
/** What the clocks of two machines on one folder may differ, ms. A note from further ahead was made by a clock gone wrong. */
const CLOCK_SKEW = 5 * 60_000;
/**
 * A folder that changed so short before it was looked at is looked at again, ms: it may change once more without its time
 * telling, on file systems that count in seconds, or over a network that remembers times for a while.
 */
const UNSETTLED = 10_000;

/** The modification time of a shard, ns, if it tells whether it changes once more. */
type ShardVersion = bigint | 'unsettled' | 'gone';
type ChangedShards = Map<string, ShardVersion>;

export interface SurveyParts {
  readonly layout: FolderLayout;
  readonly index: BlobIndex;
  readonly now: () => number;
  /** ms. */
  readonly interval: number;
  readonly draftIdle: number;
  readonly isOwnDraft: (path: string) => boolean;
}

/**
 * Keeps the index true to what all processes do in the folder. A folder of blobs is read only when its modification time
 * says that names came or went; a file is looked at only when its name is new.
 */
export class FolderSurvey {
  readonly #parts: SurveyParts;
  /** What the index holds of each shard. */
  readonly #read = new Map<string, ShardVersion>();
  #endedAt = Number.NEGATIVE_INFINITY;
  #draftBytes = 0;
  #running: Promise<void> | undefined;

  constructor(parts: SurveyParts) {
    this.#parts = parts;
  }

  /** Bytes of the drafts of other processes at the last look. */
  get draftBytes(): number {
    return this.#draftBytes;
  }

  /** Looks again if the last look is too old, without anybody waiting for it. */
  refreshInBackground(): void {
    // What is wrong with the folder is heard by the next one who needs it.
    void this.refresh().catch(() => {});
  }

  /** Looks again if the last look is too old; joins a look that is under way. Throws BlobStoreError. */
  async refresh(): Promise<void> {
    // A clock that was set back must not keep it from looking.
    const isFresh = Math.abs(this.#parts.now() - this.#endedAt) < this.#parts.interval;
    if (isFresh && this.#running === undefined) return;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  /** Resolves when no look is under way. */
  async settle(): Promise<void> {
    await this.#running?.catch(() => {}); // whoever asked for it heard of it
  }

  async #run(): Promise<void> {
    const { layout, index, now, draftIdle, isOwnDraft } = this.#parts;
    await inFolder(layout.root, 'see what is stored', async () => {
      const idleSince = now() - draftIdle;
      this.#draftBytes = await sweepDrafts({ folder: layout.drafts, isOwn: isOwnDraft, idleSince });
      index.beginSurvey();
      const changed: ChangedShards = new Map();
      const found: StoredBlob[] = [];
      for (const algorithm of ALGORITHMS) await this.#readAlgorithm(algorithm, changed, found);
      found.sort((a, b) => a.usedAt - b.usedAt);
      await inSlices(found, (blob) => index.put(blob));
      if (changed.size === 0) return;
      await inSlices(index.dropUnseen((digest) => changed.has(shardOf(digest))));
      // Only now: what a look that failed has missed is looked for by the next one.
      for (const [shard, version] of changed) this.#read.set(shard, version);
    });
    this.#endedAt = now();
  }

  async #readAlgorithm(
    algorithm: Algorithm,
    changed: ChangedShards,
    found: StoredBlob[],
  ): Promise<void> {
    const names = (await readdir(this.#parts.layout.algorithm(algorithm))).filter(isShardName);
    const shards = new Set(names.map((name) => `${algorithm}/${name}`));
    for (const [shard, version] of this.#read) {
      const isGone = shard.startsWith(`${algorithm}/`) && !shards.has(shard);
      if (isGone && version !== 'gone') changed.set(shard, 'gone');
    }
    for (const name of names) {
      const version = await this.#versionOf(algorithm, name);
      if (version !== 'unsettled' && this.#read.get(`${algorithm}/${name}`) === version) continue;
      changed.set(`${algorithm}/${name}`, version);
      await this.#readShard(algorithm, name, found);
    }
  }

  /** Asked before the shard is read: what changes meanwhile changes the time once more. */
  async #versionOf(algorithm: Algorithm, name: string): Promise<ShardVersion> {
    const path = join(this.#parts.layout.algorithm(algorithm), name);
    const { mtimeNs, mtimeMs } = await stat(path, { bigint: true });
    // By the machine's clock, as the file system's times are.
    return Date.now() - Number(mtimeMs) > UNSETTLED ? mtimeNs : 'unsettled';
  }

  /** Adds the blobs that the index does not know. */
  async #readShard(algorithm: Algorithm, shard: string, found: StoredBlob[]): Promise<void> {
    const { layout, index, now } = this.#parts;
    const unknown: Digest[] = [];
    for (const name of await readdir(join(layout.algorithm(algorithm), shard))) {
      const digest = digestOfFile(algorithm, shard, name);
      if (digest !== undefined && !index.see(digest)) unknown.push(digest);
    }
    for (let from = 0; from < unknown.length; from += LOOK_BATCH) {
      const batch = unknown.slice(from, from + LOOK_BATCH);
      const blobs = await Promise.all(batch.map((digest) => lookAtBlob(layout, digest, now())));
      found.push(...blobs.filter((blob) => blob !== undefined));
    }
  }
}

/** Goes through many without keeping the event loop to itself. */
async function inSlices<T>(many: Iterable<T>, visit: (one: T) => void = () => {}): Promise<void> {
  let count = 0;
  for (const one of many) {
    visit(one);
    count += 1;
    if (count % SLICE === 0) await setImmediate();
  }
}

/** What the folder says of a blob: no more than that a regular file is there, how long it is, and when it was used. */
export async function lookAtBlob(
  layout: FolderLayout,
  digest: Digest,
  now: number,
): Promise<StoredBlob | undefined> {
  try {
    const stats = await lstat(layout.blob(digest));
    if (!stats.isFile()) return undefined;
    const usedAt = Math.round(stats.mtimeMs);
    // Else it could not be evicted before that day.
    return { digest, size: stats.size, usedAt: usedAt > now + CLOCK_SKEW ? 0 : usedAt };
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
