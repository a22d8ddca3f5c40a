import type {
  CheckStore,
  ImageDocumentStore,
  ImageStreamStore,
  ImportSchedule,
} from '@tagtrail/image-stream';
import type { ImportQueue, ImportRequests, ResultLog } from '@tagtrail/import-contract';

/** What the API stands on: all behind ports. */
export interface ApiAdapters {
  readonly streams: ImageStreamStore;
  readonly checks: CheckStore;
  readonly images: Pick<ImageDocumentStore, 'read'>;
  readonly schedule: ImportSchedule;
  readonly queue: Pick<ImportQueue, 'metrics'>;
  /** Jobs that somebody waits for: they have workers of their own. */
  readonly requestedQueue: Pick<ImportQueue, 'enqueue' | 'withdraw' | 'metrics'>;
  readonly requests: ImportRequests;
  readonly results: Pick<ResultLog, 'stats'>;
}
