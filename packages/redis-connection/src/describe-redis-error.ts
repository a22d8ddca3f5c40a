import { ReplyError } from 'ioredis';

/** What can be said of a failed command without repeating its arguments. */
export interface RedisFailure {
  readonly message: string;
  /** True when the same command may succeed later: no connection, or a server that cannot serve now. */
  readonly retryable: boolean;
  /** A copy without ioredis' `command` field, which holds every argument, passwords included. */
  readonly cause: Error;
}

/** Replies of a server that will recover or be replaced. Source: Redis' `shared.*err` objects in server.c. */
const PASSING_REPLIES = new Set([
  'BUSY',
  'CLUSTERDOWN',
  'LOADING',
  'MASTERDOWN',
  'MISCONF',
  'NOREPLICAS',
  'OOM',
  'READONLY',
  'TRYAGAIN',
  'UNBLOCKED',
]);

/** Turns whatever ioredis threw into something safe to log and attach as a `cause`. */
export function describeRedisError(error: unknown): RedisFailure {
  const message = messageOf(error);
  const cause = new Error(message);
  if (error instanceof Error && error.stack !== undefined) {
    cause.stack = error.stack;
  }
  return { message, retryable: isPassing(error, message), cause };
}

function isPassing(error: unknown, message: string): boolean {
  if (error instanceof Error && 'retryable' in error) {
    return error.retryable === true;
  }
  if (!(error instanceof ReplyError)) {
    return true;
  }
  return PASSING_REPLIES.has(message.split(' ', 1)[0] ?? '');
}

/** A refused connection to `localhost` is an AggregateError with an empty message; its code says more. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return 'unknown failure';
  }
  if (error.message !== '') {
    return error.message;
  }
  return 'code' in error ? String(error.code) : error.name;
}
