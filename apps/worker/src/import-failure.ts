import type { FailureReason, ImportOutcome } from '@tagtrail/image-stream';
import { RegistryError } from '@tagtrail/registry-client';

/** Longest message kept in a record. */
const MAX_MESSAGE_LENGTH = 1024;
/** Reasons that the next look may find mended without anybody's help. */
const PASSING: ReadonlySet<FailureReason> = new Set([
  'TooManyRequests',
  'Timeout',
  'ConnectionFailed',
  'RegistryError',
]);

export function importFailure(reason: FailureReason, message: string): ImportOutcome {
  return {
    kind: 'failed',
    reason,
    message: message.slice(0, MAX_MESSAGE_LENGTH),
    retryable: PASSING.has(reason),
  };
}

/** A registry's failure as an outcome; undefined for everything else, which is ours. */
export function failureOf(error: unknown): ImportOutcome | undefined {
  if (!(error instanceof RegistryError)) return undefined;
  const message = error.message.slice(0, MAX_MESSAGE_LENGTH);
  const failure = {
    kind: 'failed' as const,
    reason: error.code,
    message,
    retryable: error.retryable,
  };
  return error.retryAfter === undefined ? failure : { ...failure, retryAfter: error.retryAfter };
}
