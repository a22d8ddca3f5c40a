export { deduplicationId } from './deduplication-id.ts';
export type { DueReason, ImportJob } from './import-job.ts';
export { IMPORT_JOB_VERSION } from './import-job.ts';
export type { ImportJobSource, ImportQueue, QueuedImport, QueueMetrics } from './import-queue.ts';
export type {
  DeliveredResult,
  ImportOutcome,
  ImportResult,
  ResultBatch,
  ResultLogStats,
  UndecodableEntry,
} from './import-result.ts';
export { IMPORT_RESULT_VERSION } from './import-result.ts';
export type { ResultLog } from './result-log.ts';
