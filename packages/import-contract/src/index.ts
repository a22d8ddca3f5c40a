export { createImportJob, type JobContext } from './create-import-job.ts';
export {
  createListingJob,
  createRequestedListing,
  type ListingJobContext,
  type RequestedListingContext,
} from './create-listing-job.ts';
export {
  createRequestedJob,
  type ImportWish,
  type RequestedJobContext,
} from './create-requested-job.ts';
export { deduplicationId } from './deduplication-id.ts';
export type { DecodedImportJob } from './encode-import-job.ts';
export { decodeImportJob, encodeImportJob } from './encode-import-job.ts';
export { IMPORT_RESULT_LIMIT } from './encode-import-result.ts';
export type { DecodedLoggedResult, LoggedResult } from './encode-logged-result.ts';
export {
  decodeLoggedResult,
  encodeLoggedResult,
  LISTING_RESULT_LIMIT,
} from './encode-logged-result.ts';
export type { DecodedQueuedJob } from './encode-queued-job.ts';
export { decodeQueuedJob, encodeQueuedJob, isListingJob } from './encode-queued-job.ts';
export type { DecodedSlotAnswer } from './encode-slot-answer.ts';
export { decodeSlotAnswer, encodeSlotAnswer, SLOT_ANSWER_LIMIT } from './encode-slot-answer.ts';
export type { ImportJob } from './import-job.ts';
export { IMPORT_JOB_VERSION } from './import-job.ts';
export type {
  ImportJobSource,
  ImportQueue,
  QueuedImport,
  QueuedJob,
  QueueMetrics,
} from './import-queue.ts';
export { PUT_OFF } from './import-queue.ts';
export type {
  ImportRequests,
  OpenRequest,
  ReplyAddress,
  RequestSlot,
  SlotAnswer,
} from './import-request.ts';
export type {
  DeliveredListing,
  DeliveredResult,
  ImportResult,
  ResultBatch,
  ResultLogStats,
  UndecodableEntry,
} from './import-result.ts';
export { IMPORT_RESULT_VERSION } from './import-result.ts';
export { LISTED_TAGS_LIMIT } from './listed-tags.ts';
export {
  type DecodedPrefetchJob,
  decodePrefetchJob,
  PREFETCH_JOB_VERSION,
  type PrefetchJob,
  type PrefetchQueue,
} from './prefetch-job.ts';
export type { RepositoryListingJob, RepositoryListingResult } from './repository-listing.ts';
export { REPOSITORY_LISTING_VERSION } from './repository-listing.ts';
export { SLOT_LIMIT } from './request-fields.ts';
export type { ResultLog } from './result-log.ts';
