import type {
  BlobOriginStore,
  CheckStore,
  ImageDocumentStore,
  ImageStreamStore,
  ImportSchedule,
  ReferrerStore,
  StopSignal,
  StreamArchive,
} from '@tagtrail/image-stream';
import { adoptRun, DEFAULT_SLOT, openGuardedRedis } from '@tagtrail/redis-connection';
import { createStreamArchive } from './archive/stream-archive.ts';
import { createBlobOrigins } from './blob-origins.ts';
import { createCheckStore } from './check-store.ts';
import { type CoolDownsInRedis, openCoolDowns } from './cool-downs.ts';
import { FormatGuard } from './format/format-guard.ts';
import { createImageDocuments } from './image-documents.ts';
import { createImportSchedule } from './import-schedule.ts';
import { recordKeys } from './keys.ts';
import { VERSION_JUMP } from './limits.ts';
import type { NoticeDamage } from './list-streams.ts';
import { createReferrers } from './referrers.ts';
import { createStreamStore } from './stream-store.ts';
import { whenReady } from './when-ready.ts';

/** Everything that one record slot in Redis holds, behind its ports. */
export interface ImageStreamRedis extends AsyncDisposable {
  readonly streams: ImageStreamStore;
  readonly checks: CheckStore;
  readonly schedule: ImportSchedule;
  readonly images: ImageDocumentStore;
  readonly archive: StreamArchive;
  readonly referrers: ReferrerStore;
  readonly blobOrigins: BlobOriginStore;
  /** Opens the cool-downs, on a connection of their own, for a process that talks to registries. Dispose of them first. */
  openCoolDowns(): Promise<CoolDownsInRedis>;
  /** Part of a service's work: runs until the signal, and rejects when the store gets a format that this program is not for. */
  watchFormat(signal: StopSignal): Promise<void>;
}

/**
 * Opens the store, waits until Redis answers, and migrates what an earlier version stored.
 * On each run of Redis that may have forgotten its newest writes, resourceVersions jump ahead first.
 * @throws StoreError `unavailable`, `newer-format`, `damaged`
 */
export async function openImageStreamRedis(options: {
  readonly url: string;
  readonly slot?: string;
  readonly name: string;
  /** Hears of records that a list left out because they cannot be read; a read of one throws. */
  readonly onDamaged?: NoticeDamage;
  /** Hears in words how a migration goes on. */
  readonly onMigration?: (message: string) => void;
}): Promise<ImageStreamRedis> {
  const keys = recordKeys(options.slot ?? DEFAULT_SLOT);
  const format = new FormatGuard(keys);
  await format.prepare(options, options.onMigration ?? (() => undefined));
  const counter = { runKey: keys.run, counterKey: keys.version, jump: VERSION_JUMP };
  const guarded = openGuardedRedis({
    url: options.url,
    name: options.name,
    onConnected: async (redis) => {
      await format.admit(redis);
      await adoptRun(redis, counter);
    },
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
    archive: createStreamArchive(guarded, keys),
    referrers: createReferrers(guarded, keys),
    blobOrigins: createBlobOrigins(guarded, keys),
    openCoolDowns: () => openCoolDowns({ guarded, keys, url }),
    watchFormat: (signal) => format.watch(guarded, signal),
    [Symbol.asyncDispose]: dispose,
  };
}
