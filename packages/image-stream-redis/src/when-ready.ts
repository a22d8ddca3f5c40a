import { StoreError } from '@tagtrail/image-stream';
import { describeRedisError, type GuardedRedis } from '@tagtrail/redis-connection';

/** What Redis says of a key that holds another kind of value; since Redis 7 in front, before that somewhere inside. */
const WRONG_KIND = 'WRONGTYPE';

/**
 * Runs commands on a connection that is known to be usable. Infrastructure trouble becomes a StoreError `unavailable`;
 * a key of another kind in the place of ours one that is `damaged`, for waiting won't mend it.
 */
export async function whenReady<T>(guarded: GuardedRedis, run: () => Promise<T>): Promise<T> {
  try {
    await guarded.ready();
    return await run();
  } catch (error) {
    throw storeError(error);
  }
}

/** Whatever was thrown while working on the store, as what this package throws. */
export function storeError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const { message, cause } = describeRedisError(error);
  return message.includes(WRONG_KIND)
    ? new StoreError('damaged', `something else is in a record's place: ${message}`, { cause })
    : new StoreError('unavailable', `the record store did not answer: ${message}`, { cause });
}
