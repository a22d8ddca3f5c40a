export type { RedisResultLog, ResultLogOptions } from './open-result-log.ts';
export { openResultLog } from './open-result-log.ts';
export type { ResultLogErrorCode } from './result-log-error.ts';
export { ResultLogError } from './result-log-error.ts';
export type { ResultLogKeys } from './result-log-keys.ts';
export { RESULT_GROUP, resultLogKeys } from './result-log-keys.ts';
export type { TrimReport } from './result-log-upkeep.ts';
export { DEAD_LETTER_LIMIT, LOG_LIMIT } from './result-log-upkeep.ts';
