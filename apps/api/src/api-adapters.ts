import type { AccessTokenStore } from '@tagtrail/access-control';
import type {
  CheckStore,
  ImageDocumentStore,
  ImageStreamStore,
  ImportSchedule,
  StopSignal,
  StreamArchive,
} from '@tagtrail/image-stream';
import type { ImportQueue, ImportRequests, ResultLog } from '@tagtrail/import-contract';
import type { Heartbeats } from '@tagtrail/observability';
import type { PullSecretStore } from '@tagtrail/pull-secrets';
import type { MemoryUse } from './overview/overview.ts';

/** What the API stands on: all behind ports. */
export interface ApiAdapters {
  readonly streams: ImageStreamStore;
  readonly checks: CheckStore;
  readonly images: Pick<ImageDocumentStore, 'read' | 'save'>;
  /** Credentials of namespaces. */
  readonly secrets: Omit<PullSecretStore, typeof Symbol.asyncDispose>;
  /** Of people and programs who ask this API and the registry. */
  readonly accessTokens: Omit<AccessTokenStore, typeof Symbol.asyncDispose>;
  readonly archive: StreamArchive;
  /** Rejects when the store is not this program's any more. */
  readonly watchFormat?: (signal: StopSignal) => Promise<void>;
  readonly schedule: ImportSchedule;
  readonly queue: Pick<ImportQueue, 'metrics'>;
  /** Jobs that somebody waits for: they have workers of their own. */
  readonly requestedQueue: Pick<ImportQueue, 'enqueue' | 'withdraw' | 'metrics'>;
  readonly requests: ImportRequests;
  readonly results: Pick<ResultLog, 'stats'>;
  readonly heartbeats: Pick<Heartbeats, 'beat' | 'leave' | 'list'>;
  /** How full the Redis is that all this stands in; may reject where it does not tell. */
  readonly memory: () => Promise<MemoryUse>;
}
