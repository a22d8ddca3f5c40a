import { AccessControlError } from '@tagtrail/access-control';
import { BlobStoreError } from '@tagtrail/blob-store';
import { StoreError } from '@tagtrail/image-stream';
import { RegistryError } from '@tagtrail/registry-client';
import { RegistryFault } from '../registry-fault.ts';

/** s after which a client may come again when the upstream said nothing about it. */
const RETRY = 30;
/** s after which Redis may be back. */
const STORE_RETRY = 5;
/** s of the longest wait that a client is asked for. */
const LONGEST_RETRY = 3_600;

/** Nobody who might have it gave it. */
export class NoUpstreamError extends Error {
  override readonly name = 'NoUpstreamError';
  /** What each place said, in the order in which they were asked. */
  readonly errors: readonly RegistryError[];

  constructor(what: string, errors: readonly RegistryError[]) {
    super(errors.length === 0 ? `${what}: no registry is known that has it` : messageOf(errors));
    this.errors = errors;
  }
}

/**
 * What a client is answered when something failed on the way. Upstream trouble without a copy is never a 404: clients
 * would take the image for gone. Unknown errors come back as they are.
 */
export function faultOf(error: unknown): unknown {
  if (error instanceof NoUpstreamError) return upstreamFault(error);
  if (error instanceof RegistryError) return upstreamFault(new NoUpstreamError('', [error]));
  if (error instanceof StoreError) {
    const message = 'the records cannot be read just now';
    return unavailable(503, message, STORE_RETRY, error);
  }
  if (error instanceof AccessControlError) {
    return unavailable(503, 'access tokens cannot be looked up just now', STORE_RETRY, error);
  }
  if (error instanceof BlobStoreError) return blobFault(error);
  return error;
}

function upstreamFault(error: NoUpstreamError): RegistryFault {
  const waits = error.errors.flatMap(({ retryAfter }) => retryAfter ?? []);
  const retry = waits.length > 0 ? Math.ceil(Math.min(...waits) / 1_000) : RETRY;
  const seconds = Math.min(Math.max(retry, 1), LONGEST_RETRY);
  const codes = new Set(error.errors.map(({ code }) => code));
  if (codes.has('TooManyRequests') || codes.has('CoolDown')) {
    const headers = { 'retry-after': String(seconds) };
    return new RegistryFault('TOOMANYREQUESTS', error.message, { headers, cause: error });
  }
  const isAway = codes.has('Timeout') || codes.has('ConnectionFailed');
  return unavailable(isAway ? 503 : 502, error.message, seconds, error);
}

/** Only `mismatch` and `too-long` are the upstream's doing. */
function blobFault(error: BlobStoreError): RegistryFault {
  const isOurs = error.code === 'no-room' || error.code === 'unavailable';
  const message = isOurs ? 'the registry cannot store copies just now' : error.message;
  return unavailable(isOurs ? 503 : 502, message, RETRY, error);
}

function unavailable(
  status: number,
  message: string,
  seconds: number,
  cause: unknown,
): RegistryFault {
  const headers = { 'retry-after': String(seconds) };
  return new RegistryFault('UNAVAILABLE', message, { status, headers, cause });
}

/** The last one's words, and how many there were: the first places are often those that never had it. */
function messageOf(errors: readonly RegistryError[]): string {
  const last = errors.at(-1)?.message ?? '';
  return errors.length === 1 ? last : `${last} (and ${errors.length - 1} more places failed)`;
}
