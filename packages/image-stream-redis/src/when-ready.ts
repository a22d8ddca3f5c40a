import { StoreError } from '@tagtrail/image-stream';
import {
  describeRedisError,
  type GuardedRedis,
  RedisConnectionError,
} from '@tagtrail/redis-connection';
import { ReplyError } from 'ioredis';

/** What Redis says of a key that holds another kind of value; since Redis 7 in front, before that somewhere inside. */
const WRONG_KIND = 'WRONGTYPE';
/** Before Redis 7, what a command in a script was refused with stands behind the place in the script. */
const REFUSED_IN_SCRIPT = /@user_script: ?\d+: -(\w+ .*)$/s;
/** What JavaScript throws of its own accord: a fault of this program, or input that it should not have come this far with. */
const FAULTS = [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];

/**
 * Runs commands on a connection that is known to be usable. Infrastructure trouble becomes a StoreError `unavailable`;
 * a key of another kind in the place of ours one that is `damaged`, for waiting won't mend it. Nor will it mend what else
 * may fail, which is thrown as it is.
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
export function storeError(error: unknown): Error {
  if (error instanceof StoreError) return error;
  if (error instanceof Error && FAULTS.some((fault) => error instanceof fault)) return error;
  const { message, cause, retryable } = describeRedisError(replyOf(error));
  if (message.includes(WRONG_KIND)) {
    return new StoreError('damaged', `something else is in a record's place: ${message}`, {
      cause,
    });
  }
  if (retryable || error instanceof RedisConnectionError) {
    return new StoreError('unavailable', `the record store did not answer: ${message}`, { cause });
  }
  return new Error(`the record store refused: ${message}`, { cause });
}

function replyOf(error: unknown): unknown {
  // ioredis does not say that it is an Error, which it is.
  if (!(error instanceof Error && error instanceof ReplyError)) return error;
  const [, inner] = REFUSED_IN_SCRIPT.exec(error.message) ?? [];
  return inner === undefined ? error : new ReplyError(inner);
}
