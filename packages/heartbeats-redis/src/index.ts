export type { HeartbeatsErrorCode } from './heartbeats-error.ts';
export { HeartbeatsError } from './heartbeats-error.ts';
export type { HeartbeatsInRedis, HeartbeatsOptions } from './open-heartbeats.ts';
export { openHeartbeats } from './open-heartbeats.ts';
export { MAX_ENTRIES } from './sweep.ts';
