import { StoreError } from '@tagtrail/image-stream';
import {
  describeRedisError,
  type GuardedRedis,
  RedisConnectionError,
} from '@tagtrail/redis-connection';

/** Runs commands on a connection that is known to be usable; infrastructure trouble becomes a StoreError. */
export async function whenReady<T>(guarded: GuardedRedis, run: () => Promise<T>): Promise<T> {
  try {
    await guarded.ready();
    return await run();
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    const { message } = cause instanceof RedisConnectionError ? cause : describeRedisError(cause);
    throw new StoreError('unavailable', `the record store did not answer: ${message}`, { cause });
  }
}
