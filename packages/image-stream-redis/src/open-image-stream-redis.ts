import type {
  CheckStore,
  ImageDocumentStore,
  ImageStreamStore,
  ImportSchedule,
} from '@tagtrail/image-stream';
import { adoptRun, DEFAULT_SLOT, openGuardedRedis } from '@tagtrail/redis-connection';
import { createCheckStore } from './check-store.ts';
import { createImageDocuments } from './image-documents.ts';
import { createImportSchedule } from './import-schedule.ts';
import { recordKeys } from './keys.ts';
import { VERSION_JUMP } from './limits.ts';
import type { NoticeDamage } from './list-streams.ts';
import { createStreamStore } from './stream-store.ts';
import { whenReady } from './when-ready.ts';

/** Everything that one record slot in Redis holds, behind its ports. */
export interface ImageStreamRedis extends AsyncDisposable {
  readonly streams: ImageStreamStore;
  readonly checks: CheckStore;
  readonly schedule: ImportSchedule;
  readonly images: ImageDocumentStore;
}

/**
 * Opens the store and waits until Redis answers.
 * On each run of Redis that may have forgotten its newest writes, resourceVersions jump ahead first.
 * @throws StoreError `unavailable`
 */
export async function openImageStreamRedis(options: {
  readonly url: string;
  readonly slot?: string;
  readonly name: string;
  /** Hears of records that a list left out because they cannot be read; a read of one throws. */
  readonly onDamaged?: NoticeDamage;
}): Promise<ImageStreamRedis> {
  const keys = recordKeys(options.slot ?? DEFAULT_SLOT);
  const counter = { runKey: keys.run, counterKey: keys.version, jump: VERSION_JUMP };
  const guarded = openGuardedRedis({
    url: options.url,
    name: options.name,
    onConnected: async (redis) => void (await adoptRun(redis, counter)),
  });
  const dispose = () => guarded[Symbol.asyncDispose]();
  try {
    await whenReady(guarded, async () => undefined);
  } catch (error) {
    await dispose();
    throw error;
  }
  const { url, onDamaged = () => undefined } = options;
  const streams = createStreamStore({ guarded, keys, url, onDamaged });
  return {
    streams: { ...streams, [Symbol.asyncDispose]: dispose },
    checks: createCheckStore(guarded, keys),
    schedule: createImportSchedule(guarded, keys),
    images: createImageDocuments(guarded, keys),
    [Symbol.asyncDispose]: dispose,
  };
}
