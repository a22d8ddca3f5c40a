import { RegistryError, type RegistryErrorCode } from '../registry-error.ts';
import {
  describeFailure,
  type FailureKind,
  type TransportFailure,
} from '../transport/transport-failure.ts';

const CODES: Readonly<Record<FailureKind, RegistryErrorCode>> = {
  certificate: 'TLSError',
  tls: 'TLSError',
  timeout: 'Timeout',
  'unknown-host': 'ConnectionFailed',
  unreachable: 'ConnectionFailed',
  closed: 'ConnectionFailed',
  'not-http': 'RegistryError',
  reply: 'RegistryError',
  refused: 'Forbidden',
};

export interface FailureContext {
  /** What the request was about; opens the message. */
  readonly subject: string;
  readonly signal: AbortSignal;
  /** What the user can do about it. */
  readonly advise?: (failure: TransportFailure) => string | undefined;
}

/**
 * The error to throw for a request without a usable reply. A passed deadline becomes `Timeout`; any other abort reason
 * is the caller's own and comes back as it is, like errors that are no failure of transport.
 */
export function failureError(error: unknown, context: FailureContext): unknown {
  const { subject, signal } = context;
  if (error instanceof RegistryError) return error;
  if (signal.aborted) return abortError(signal.reason, subject);
  const failure = describeFailure(error);
  if (failure === undefined) return error;
  const advice = failure.advice ?? context.advise?.(failure);
  const message = `${subject}: ${failure.phrase}${advice === undefined ? '' : `; ${advice}`}`;
  return new RegistryError(CODES[failure.kind], message, { cause: error });
}

function abortError(reason: unknown, subject: string): unknown {
  const deadline = reason instanceof Error && reason.name === 'TimeoutError';
  if (!deadline) return reason;
  return new RegistryError('Timeout', `${subject}: the deadline passed`, { cause: reason });
}
