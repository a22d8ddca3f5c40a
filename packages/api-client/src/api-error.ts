import { isStatus, type Status } from '@tagtrail/apimachinery';

/**
 * A request that the API refused, or that never reached it. `code` is the HTTP status, 0 when there was no answer;
 * the message is fit to be shown and never holds the token.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: Status;
  readonly code: number;
  /** Whether the same request may succeed later. A watch that got 410 must list again instead. */
  readonly retryable: boolean;

  constructor(
    status: Status,
    code: number,
    options: { readonly cause?: unknown; readonly retryable?: boolean } = {},
  ) {
    super(status.message ?? status.reason ?? `the API answered ${code}`, options);
    this.status = status;
    this.code = code;
    this.retryable = options.retryable ?? (code === 0 || code === 429 || code >= 500);
  }
}

/** The error for an answer that is no success: its Status, or one made up when a proxy answered. */
export function refusal(code: number, body: unknown, server: string): ApiError {
  if (isStatus(body)) return new ApiError(body, code);
  const message = `${server} answered ${code} without a Status; is this the address of the Tagtrail API?`;
  return new ApiError(failure(message, code), code);
}

/** The error for an answer that a client can't make sense of. */
export function unintelligible(message: string, options?: { readonly cause?: unknown }): ApiError {
  return new ApiError(failure(message, 502), 502, { ...options, retryable: false });
}

/** The error for a request without an answer. */
export function unreachable(server: string, cause: unknown): ApiError {
  const { reason, retryable } = describeCause(cause);
  const message = `cannot reach the Tagtrail API at ${server}: ${reason}`;
  return new ApiError(failure(message, 0), 0, { cause, retryable });
}

function failure(message: string, code: number): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'ServiceUnavailable',
    code,
  };
}

/** What fetch hides in `cause`, in words; browsers say nothing at all. */
const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the host name could not be looked up',
  ETIMEDOUT: 'connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'connection timed out',
  UND_ERR_SOCKET: 'connection closed',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
};

/** What is wrong with the server's certificate, or with the scheme: nothing that goes away by itself. */
const TLS_CAUSES: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate is not signed by an authority that is trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate is not signed by an authority that is trusted here',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not signed by an authority that is trusted here',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself and not trusted here',
  CERT_SIGNATURE_FAILURE: 'its certificate is not signed by the authority that it names',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for other host names',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS; is it an http:// address?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS; is it an http:// address?',
};

function describeCause(error: unknown): { readonly reason: string; readonly retryable: boolean } {
  if (fieldOf(error, 'name') === 'TimeoutError') return passing('no answer in time');
  const code = fieldOf(fieldOf(error, 'cause'), 'code') ?? fieldOf(error, 'code');
  if (typeof code !== 'string') return passing('no connection');
  const lasting = TLS_CAUSES[code];
  return lasting === undefined
    ? passing(CAUSES[code] ?? code)
    : { reason: lasting, retryable: false };
}

function passing(reason: string) {
  return { reason, retryable: true };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
