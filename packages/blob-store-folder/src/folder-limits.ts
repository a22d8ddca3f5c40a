/** Times in milliseconds. */
export interface BlobFolderLimits {
  /** The part of the quota that stays filled when something must be evicted; more than 0, at most 1. */
  readonly lowWater: number;
  /** A blob that was used within this time is not evicted. */
  readonly evictionGrace: number;
  /** Blobs that a caller waits for at most, when fewer would already do. */
  readonly evictionBatch: number;
  /** A use is noted in the folder when the last note is older. */
  readonly markInterval: number;
  /** A draft that nobody has written to for this long was left behind. */
  readonly draftIdle: number;
  /** What other processes did in the folder is looked up when the last look is older. */
  readonly surveyInterval: number;
}

export const DEFAULT_LIMITS: BlobFolderLimits = {
  /** A round of eviction then serves the next twentieth of the quota. */
  lowWater: 0.95,
  /** From a client's HEAD to its GET, also of the last of many layers; longer, and a small quota has nothing to evict. */
  evictionGrace: 60_000,
  /** About 50 ms of a local disk. */
  evictionBatch: 512,
  /** What order of use needs; more notes would make a hot blob cost a write for each read. */
  markInterval: 5 * 60_000,
  /** Longer than any pause that a download survives: registries and proxies cut a silent connection after 5 min or less. */
  draftIdle: 15 * 60_000,
  /** Half of the minute that the port promises: who asks every 30 s gets no answer that is older. */
  surveyInterval: 30_000,
};
