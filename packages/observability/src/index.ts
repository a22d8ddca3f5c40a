export type { DescribedError } from './describe-error.ts';
export { describeError } from './describe-error.ts';
export type { HealthCheck, HealthState } from './health-check.ts';
export { allOf } from './health-check.ts';
export type { Lifeline, LifelineOptions } from './health-lifeline.ts';
export { createLifeline, LIFELINE_LIMIT } from './health-lifeline.ts';
export type { HealthServer, HealthServerOptions } from './health-server.ts';
export { openHealthServer } from './health-server.ts';
export type { HealthServerErrorCode } from './health-server-error.ts';
export { HealthServerError } from './health-server-error.ts';
export type { Heartbeat, Heartbeats, ServiceName } from './heartbeat.ts';
export {
  BEAT_INTERVAL,
  FORGOTTEN_AFTER,
  isMissing,
  MISSING_AFTER,
  NEEDED_SERVICES,
  SERVICES,
} from './heartbeat.ts';
export type { LogFormat, Logger, LoggerOptions, LogOutput } from './logger.ts';
export { createLogger } from './logger.ts';
export type { MetricDescription, MetricName, Metrics } from './metrics.ts';
export { createMetrics } from './metrics.ts';
export type { ProgressWatch, ProgressWatchOptions } from './progress-watch.ts';
export { createProgressWatch } from './progress-watch.ts';
export type { RateMeter } from './rate-meter.ts';
export { createRateMeter } from './rate-meter.ts';
export { redactUrls } from './redact-urls.ts';
export type { SlidingQuantiles } from './sliding-quantiles.ts';
export { createSlidingQuantiles } from './sliding-quantiles.ts';
export { TAGTRAIL_VERSION } from './version.ts';
