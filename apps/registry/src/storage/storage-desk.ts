import type { BlobStore, StoredBlob } from '@tagtrail/blob-store';
import type { Totals } from '../registry-metrics.ts';
import type { StorageDesk } from '../serve-requests.ts';
import { type ReachabilityParts, reachableDigests } from './reachable-digests.ts';

/** Blobs named in the answer to a collection; the counts are of all. */
const SHOWN = 100;

export interface StorageDeskParts extends ReachabilityParts {
  readonly store: BlobStore;
  /** ms that a copy stays after it was used last, though no stream refers to it. */
  readonly collectAfter: number;
  readonly totals: () => Totals;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** What a collection found, and took away unless it was a rehearsal. */
export interface Collection {
  readonly dryRun: boolean;
  /** Copies that no stream refers to and that nobody used for long enough. */
  readonly blobs: number;
  readonly bytes: number;
  readonly digests: readonly string[];
}

/** Tells about the copies, and takes away those that nobody needs. */
export function createStorageDesk(parts: StorageDeskParts): StorageDesk & {
  collect(options: { readonly dryRun: boolean }): Promise<Collection>;
} {
  let running: Promise<Collection> | undefined;
  return {
    report: async () => ({ ...parts.store.usage(), ...describeTotals(parts.totals()) }),
    async collect({ dryRun }) {
      if (dryRun) return collectUnreachable(parts, true);
      running ??= collectUnreachable(parts, false).finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

/** Records are read only if there is a copy that may go; that is rare in between. */
async function collectUnreachable(parts: StorageDeskParts, dryRun: boolean): Promise<Collection> {
  const unusedSince = parts.now() - parts.collectAfter;
  const old: StoredBlob[] = [];
  for await (const blob of parts.store.list()) if (blob.usedAt < unusedSince) old.push(blob);
  const reachable = old.length === 0 ? new Set() : await reachableDigests(parts);
  const gone: StoredBlob[] = [];
  for (const blob of old) {
    if (reachable.has(blob.digest)) continue;
    if (dryRun || (await parts.store.remove(blob.digest, unusedSince))) gone.push(blob);
  }
  return {
    dryRun,
    blobs: gone.length,
    bytes: gone.reduce((sum, { size }) => sum + size, 0),
    digests: gone.slice(0, SHOWN).map(({ digest }) => digest),
  };
}

/** Of what was served, how much came without asking upstream. */
function describeTotals({ served, lastKnownGood, downloads, downloadedBytes }: Totals) {
  const { record, copy, upstream } = served;
  const count = record.count + copy.count + upstream.count;
  return {
    served,
    hitRate: count === 0 ? null : (record.count + copy.count) / count,
    bytesSaved: Math.max(0, record.bytes + copy.bytes + upstream.bytes - downloadedBytes),
    lastKnownGood,
    downloads,
    downloadedBytes,
  };
}
