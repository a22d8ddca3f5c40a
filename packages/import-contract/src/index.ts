export { createImportJob, type JobContext } from './create-import-job.ts';
export { deduplicationId } from './deduplication-id.ts';
export type { DecodedImportJob } from './encode-import-job.ts';
export { decodeImportJob, encodeImportJob } from './encode-import-job.ts';
export type { DecodedImportResult } from './encode-import-result.ts';
export {
  decodeImportResult,
  encodeImportResult,
  IMPORT_RESULT_LIMIT,
} from './encode-import-result.ts';
export type { ImportJob } from './import-job.ts';
export { IMPORT_JOB_VERSION } from './import-job.ts';
export type { ImportJobSource, ImportQueue, QueuedImport, QueueMetrics } from './import-queue.ts';
export type {
  DeliveredResult,
  ImportResult,
  ResultBatch,
  ResultLogStats,
  UndecodableEntry,
} from './import-result.ts';
export { IMPORT_RESULT_VERSION } from './import-result.ts';
export type { ResultLog } from './result-log.ts';
