import type { StoredBlob } from './blob-store.ts';
import { type BlobUse, mayRemove } from './may-remove.ts';
import type { Shortage } from './shortage.ts';

export interface EvictionRules extends BlobUse, Shortage {
  /** Blobs beyond which only what is needed is evicted, so that nobody waits for more than that. */
  readonly batch: number;
}

/**
 * The blobs to evict: those that were not used for longest, until enough is free, or until the batch is full and what is
 * needed is free. Undefined when even all that may go would not free what is needed; then nothing should go. Looks no
 * further than it must.
 */
export function chooseEvictions(
  leastRecentFirst: Iterable<StoredBlob>,
  rules: EvictionRules,
): readonly StoredBlob[] | undefined {
  const chosen: StoredBlob[] = [];
  let freed = 0;
  for (const blob of leastRecentFirst) {
    if (freed >= rules.needed && (freed >= rules.wanted || chosen.length >= rules.batch)) break;
    // An empty blob gives no room.
    if (blob.size === 0 || !mayRemove(blob, rules)) continue;
    chosen.push(blob);
    freed += blob.size;
  }
  return freed >= rules.needed ? chosen : undefined;
}
