/** Why a request to a registry failed. */
export type RegistryErrorCode =
  | 'NotFound'
  /** Credentials are missing, were refused, or were kept back for safety. */
  | 'Unauthorized'
  | 'Forbidden'
  | 'TooManyRequests'
  /** Nothing was sent: the registry asked to be left alone for a while, `retryAfter` ms more. */
  | 'CoolDown'
  /** A time limit of ours or the caller's deadline. */
  | 'Timeout'
  | 'TLSError'
  | 'ConnectionFailed'
  /** The content is not what its digest or size says, or not a manifest. */
  | 'InvalidManifest'
  /** Docker schema 1. */
  | 'UnsupportedManifest'
  /** Everything else a registry can get wrong. */
  | 'RegistryError';

export interface RegistryErrorDetails {
  /** HTTP status, when the failure was an answer. */
  readonly status?: number;
  /** ms that the registry asked to be left alone. */
  readonly retryAfter?: number | undefined;
  /** What to do about it, and the server's own words where they may be quoted; the message ends with it. */
  readonly advice?: string | undefined;
  readonly cause?: unknown;
  /** Whichever credentials there are, the failure would be the same. */
  readonly sameForAll?: boolean;
  readonly resumeAt?: number;
}

const RETRYABLE_CODES: ReadonlySet<RegistryErrorCode> = new Set([
  'TooManyRequests',
  'CoolDown',
  'Timeout',
  'ConnectionFailed',
]);
const REQUEST_TIMEOUT = 408;
const FIRST_SERVER_ERROR = 500;

/** What this package throws. The message names the repository, and never holds a secret. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: RegistryErrorCode;
  /** Whether the same request may succeed soon without anybody changing anything. */
  readonly retryable: boolean;
  // `declare`: an absent status is no property at all.
  declare readonly status?: number;
  /** ms, at most an hour; only on 429 and 503, and when nothing was sent. */
  declare readonly retryAfter?: number;
  /** Present when other credentials would change nothing. */
  declare readonly sameForAll?: true;
  /** Present when a streamed blob broke off after bytes were passed on: how many bytes of it there are by now. */
  declare readonly resumeAt?: number;
  /** The end of the message, for whoever tells the beginning in other words. */
  declare readonly advice?: string;

  constructor(code: RegistryErrorCode, message: string, details: RegistryErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.retryable = RETRYABLE_CODES.has(code) || isPassing(details.status);
    if (details.status !== undefined) this.status = details.status;
    if (details.retryAfter !== undefined) this.retryAfter = details.retryAfter;
    if (details.advice !== undefined) this.advice = details.advice;
    if (details.sameForAll === true) this.sameForAll = true;
    if (details.resumeAt !== undefined) this.resumeAt = details.resumeAt;
  }

  /** The same, told by whoever knows how far a blob has come. */
  resumableAt(resumeAt: number): RegistryError {
    const { code, message, status, retryAfter, advice, sameForAll, cause } = this;
    return new RegistryError(code, message, {
      ...(status !== undefined && { status }),
      ...(sameForAll !== undefined && { sameForAll }),
      retryAfter,
      advice,
      cause,
      resumeAt,
    });
  }
}

function isPassing(status: number | undefined): boolean {
  return status !== undefined && (status >= FIRST_SERVER_ERROR || status === REQUEST_TIMEOUT);
}
