export { type AddedTagEvent, addTagEvent } from './add-tag-event.ts';
export {
  ARCHIVE_BOUNDS,
  ARCHIVE_HEADER,
  ARCHIVE_TRAILER,
  ARCHIVE_VERSION,
  type ArchiveCounts,
  type ArchivedHistory,
  type ArchivedStream,
  type ArchiveEntry,
  type ArchiveHeader,
  type ArchiveTrailer,
  MAX_ARCHIVE_LINE,
  READABLE_ARCHIVES,
  type UnreadableStream,
} from './archive-format.ts';
export type { CheckState, FailureReason, LastOutcome } from './check-state.ts';
export {
  type AskedCoolDown,
  type CoolDown,
  type CoolDowns,
  coolDownAfter,
  type HostCoolDown,
  LONGEST_COOL_DOWN,
  STRIKES_LIFE,
} from './cool-down.ts';
export { COPIED_STREAMS_LIMIT, copiedStreams } from './copy-tags.ts';
export { type DecodedImageStream, decodeImageStream } from './decode-image-stream.ts';
export {
  type DecodedImageStreamImport,
  decodeImageStreamImport,
} from './decode-image-stream-import.ts';
export { describeFreshness, describeWorst } from './describe-freshness.ts';
export { coolDownSpread, LONGEST_SPREAD } from './due-after-cool-down.ts';
export { type DueReason, dueReason } from './due-reason.ts';
export { type FollowContext, followTags } from './follow-tags.ts';
export { forbiddenImports } from './forbidden-sources.ts';
export {
  type Freshness,
  type FreshnessContext,
  type FreshnessState,
  freshnessOf,
  STALE_GRACE,
  worstFreshness,
} from './freshness.ts';
export type { ImageDocument } from './image-document.ts';
export type {
  ImageStream,
  ImageStreamSpec,
  ImageStreamStatus,
  ImportMode,
  NamedTagEventList,
  ObjectReference,
  ReferencePolicyType,
  TagEvent,
  TagEventCondition,
  TagImportPolicy,
  TagReference,
  TagReferencePolicy,
} from './image-stream.ts';
export {
  IMAGE_API_VERSION,
  INSECURE_REPOSITORY_ANNOTATION,
  PREFER_ARCH_ANNOTATION,
  PREFER_OS_ANNOTATION,
  PREFETCH_ANNOTATION,
  REPOSITORY_CHECK_ANNOTATION,
  SCHEDULE_ANNOTATION,
  SUSPEND_ANNOTATION,
} from './image-stream.ts';
export type {
  ImageImportSpec,
  ImageImportStatus,
  ImageStreamImport,
  ImageStreamImportSpec,
  ImageStreamImportStatus,
  ImportedImage,
  ImportStatus,
  RepositoryImportSpec,
  RepositoryImportStatus,
} from './image-stream-import.ts';
export type {
  BlobOriginStore,
  CheckChange,
  CheckStore,
  ClaimedTag,
  ClaimRequest,
  ClaimResult,
  CommitResult,
  HistoryAppend,
  ImageDocumentStore,
  ImageStreamStore,
  ImportSchedule,
  KnownReferrers,
  ListQuery,
  Receipt,
  ReferrerStore,
  ScheduleStats,
  SlotReply,
  StreamChange,
  StreamEvent,
  StreamKey,
  StreamList,
  TagKey,
  Touch,
} from './image-stream-store.ts';
export {
  type Image,
  type ImageLayer,
  type ImageManifestEntry,
  LAYERS_ORDER_ANNOTATION,
  viewImage,
} from './image-view.ts';
export type {
  ImportOutcome,
  ListingOutcome,
  LookOutcome,
  Postponed,
  RequestedTag,
  TagLook,
  TagOutcome,
} from './import-outcome.ts';
export {
  atTag,
  type ImportSource,
  type ReadImportSource,
  readImportSource,
} from './import-source.ts';
export {
  isImportable,
  isPending,
  isSchedulable,
  observedGeneration,
  pendingTags,
  statusTag,
} from './importable.ts';
export { importedStream } from './imported-stream.ts';
export { forgottenCheck, leavesRecordAlone, nextCheck } from './next-check.ts';
export { effectiveSchedule, nextDue } from './next-due.ts';
export { reconcileChecks, restoredCheck } from './reconcile-checks.ts';
export {
  latestEvent,
  type RecordContext,
  type RecordedImport,
  recordImport,
  type Verdict,
} from './record-import.ts';
export { type ListedRepository, type RecordedListing, recordListing } from './record-listing.ts';
export { isOlderThanCheck, recordVersion } from './record-version.ts';
export { coversRegistry, NO_POLICY, type RegistryPolicy, refusalOf } from './registry-policy.ts';
export {
  checkedTag,
  LISTED_TAGS_IMPORTED,
  LISTING_TAG,
  listingCadence,
} from './repository-tags.ts';
export { type Cadence, isInsecure, resolveCadence } from './resolve-cadence.ts';
export { type ResolvedPullSpec, resolvePullSpec } from './resolve-pull-spec.ts';
export {
  nextOccurrence,
  type ParsedSchedule,
  parseDuration,
  parseSchedule,
  type Schedule,
} from './schedule.ts';
export type { ScheduleSettings } from './schedule-settings.ts';
export { stableFraction } from './stable-fraction.ts';
export type { StopSignal } from './stop-signal.ts';
export { StoreError, type StoreErrorCode } from './store-error.ts';
export type {
  ArchiveMarks,
  HistoryPiece,
  HistorySnapshot,
  RestoreResult,
  StreamArchive,
  StreamRestore,
  StreamSnapshot,
} from './stream-archive.ts';
export { prioritizeTags } from './tag-priority.ts';
export {
  type ImageStreamImage,
  type ImageStreamTag,
  type NamedImage,
  taggedImage,
  viewStreamImage,
  viewTag,
} from './tag-view.ts';
export { removeTag, type TagContext, type TagUpsert, upsertTag, withTag } from './upsert-tag.ts';
export { type DecodedTagWrite, decodeTagWrite, type TagWrite } from './upsert-tag-decode.ts';
export { findImageEvents, matchesImage } from './upsert-tag-source.ts';
export { validateImageStream } from './validate-image-stream.ts';
export { validateImageStreamImport } from './validate-image-stream-import.ts';
export {
  createImageStream,
  deleteImageStream,
  replaceImageStream,
  type StreamWrite,
  type WriteContext,
} from './write-image-stream.ts';
