import type { FailureReason, LookOutcome, Postponed } from '@tagtrail/image-stream';
import type { PayloadReader } from './payload-reader.ts';

/** UTF-16 units of a failure's message, as ImportOutcome promises. */
export const MESSAGE_LIMIT = 1_024;

const FAILURE_REASONS: Readonly<Record<FailureReason, true>> = {
  NotFound: true,
  Unauthorized: true,
  Forbidden: true,
  TooManyRequests: true,
  Timeout: true,
  TLSError: true,
  ConnectionFailed: true,
  InvalidManifest: true,
  UnsupportedManifest: true,
  InvalidReference: true,
  RegistryError: true,
};

/** A look that failed, whatever was looked for. */
export type FailedOutcome = LookOutcome & { readonly kind: 'failed' };

/** The fields only. A message beyond its limit is cut: no outcome is lost to a talkative registry. */
export function failureFields(failure: FailedOutcome): FailedOutcome {
  const { kind, reason, message, retryable, retryAfter } = failure;
  const fields = { kind, reason, message: cutMessage(message), retryable };
  return retryAfter === undefined ? fields : { ...fields, retryAfter };
}

export function readFailure(outcome: PayloadReader): FailedOutcome {
  return {
    kind: 'failed',
    ...readReason(outcome),
    retryable: outcome.flag('retryable'),
    ...(outcome.has('retryAfter') ? { retryAfter: outcome.count('retryAfter') } : {}),
  };
}

export function postponedFields({ kind, until, message }: Postponed): Postponed {
  return { kind, until: Math.ceil(until), message: cutMessage(message) };
}

export function readPostponed(outcome: PayloadReader): Postponed {
  return { kind: 'postponed', until: outcome.count('until'), message: readMessage(outcome) };
}

export function readReason(payload: PayloadReader): Pick<FailedOutcome, 'reason' | 'message'> {
  return {
    reason: payload.oneOf('reason', FAILURE_REASONS, 'RegistryError'),
    message: readMessage(payload),
  };
}

export function readMessage(payload: PayloadReader): string {
  return payload.text('message', MESSAGE_LIMIT, 'empty');
}

export function cutMessage(message: string): string {
  return message.slice(0, MESSAGE_LIMIT);
}
