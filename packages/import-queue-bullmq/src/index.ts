export type { JobSourceLimits } from './bull-import-job-source.ts';
export type { ImportQueueErrorCode } from './import-queue-error.ts';
export { ImportQueueError } from './import-queue-error.ts';
export type { ImportJobSourceOptions } from './open-import-job-source.ts';
export { openImportJobSource } from './open-import-job-source.ts';
export type { ImportQueueOptions } from './open-import-queue.ts';
export { openImportQueue } from './open-import-queue.ts';
export { queuePrefix } from './queue-prefix.ts';
export { DEFAULT_PREFIX, QUEUE_NAME, type QueueName } from './queue-settings.ts';
