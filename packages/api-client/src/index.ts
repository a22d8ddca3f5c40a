export type {
  AccessToken,
  AccessTokenDraft,
  AccessTokenGrant,
  AccessTokens,
} from './access-tokens.ts';
export type { ConnectionOptions } from './api-connection.ts';
export { ApiError } from './api-error.ts';
export type { Archive, ArchiveBatch, ImportedBatch } from './archive.ts';
export type {
  ApiClient,
  Checks,
  History,
  ImageStreamImports,
  Images,
  RequestOptions,
} from './create-api-client.ts';
export { createApiClient } from './create-api-client.ts';
export type {
  DockerConfig,
  DockerImageMetadata,
  ImageObject,
  ImageSignature,
  ImageStreamImage,
  ImageStreamTag,
} from './image-objects.ts';
export type {
  ImageImport,
  ImageImportStatus,
  ImageStreamImport,
  ImportPartStatus,
  ImportSource,
  RepositoryImportStatus,
} from './image-stream-import.ts';
export type { ImageStreamTags, NamedKey, TagQuery } from './image-stream-tags.ts';
export type {
  DeleteOptions,
  ImageStreams,
  PageQuery,
  StreamQuery,
  WriteOptions,
} from './image-streams.ts';
export type {
  OldestDueTag,
  OneMoreWorker,
  Overview,
  OverviewHistory,
  OverviewMove,
  OverviewProblem,
  OverviewSample,
  OverviewSchedule,
  OverviewService,
  OverviewTrouble,
  ServiceBeat,
} from './overview.ts';
export { decodeOverview } from './overview.ts';
export type { SecretQuery, Secrets } from './secrets.ts';
export type { WatchOptions } from './watch-streams.ts';
export type {
  ImageStreamCheck,
  ImageStreamHistory,
  ImageStreamList,
  QueueCounts,
  QueueReport,
  TagCheck,
  TagFreshness,
} from './wire-objects.ts';
