export { defaultCache } from './default-cache.ts';
export { EmbeddedRedisError, type EmbeddedRedisErrorCode } from './embedded-redis-error.ts';
export type { Environment } from './environment.ts';
export {
  type EmbeddedRedis,
  type EmbeddedRedisOptions,
  openEmbeddedRedis,
} from './open-embedded-redis.ts';
export { openRedisForTest } from './open-redis-for-test.ts';
export { type FindOptions, findRedisServer } from './search/find-redis-server.ts';
export type { RedisServer } from './search/redis-server.ts';
export { warmServer } from './warm-server.ts';
