import { AccessControlError } from '@tagtrail/access-control';
import {
  badRequest,
  gone,
  internalError,
  requestTooLarge,
  type Status,
  serviceUnavailable,
  timeout,
} from '@tagtrail/apimachinery';
import { StoreError } from '@tagtrail/image-stream';
import { PullSecretStoreError } from '@tagtrail/pull-secrets';
import { statusOfAccess } from '../access-tokens/status-of-access.ts';
import { statusOfSecrets } from '../secrets/status-of-secrets.ts';
import { StatusError } from '../status-error.ts';

/** Bytes of a request body; the largest stream that is accepted stays well below. */
export const BODY_LIMIT = 1024 * 1024;
/** Seconds after which a client may try again what broken infrastructure refused. */
const RETRY_SECONDS = 2;

/**
 * The Status of anything that was thrown while answering. What is not known to be harmless says only that it happened:
 * its words are for the log.
 */
export function statusOf(error: unknown): Status {
  if (error instanceof StatusError) return error.status;
  if (error instanceof StoreError) return statusOfStore(error);
  if (error instanceof PullSecretStoreError) return statusOfSecrets(error);
  if (error instanceof AccessControlError) return statusOfAccess(error);
  const { code, retryable, statusCode } = traitsOf(error);
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return requestTooLarge(`limit is ${BODY_LIMIT} bytes`);
  if (code === 'FST_ERR_HANDLER_TIMEOUT') return timeout('the request took too long');
  if (retryable === true)
    return serviceUnavailable('a service behind the API is away', RETRY_SECONDS);
  if (isRefusal(statusCode) && error instanceof Error) return badRequest(error.message);
  return internalError('the request could not be completed; the log of the API says why');
}

/** Whether the operator should read about it. */
export function isUnexpected(status: Status): boolean {
  return (status.code ?? 500) >= 500;
}

function statusOfStore(error: StoreError): Status {
  switch (error.code) {
    case 'unavailable':
    case 'newer-format':
    case 'older-format':
      return serviceUnavailable(
        'Redis does not answer or takes no writes: the record store is away',
        RETRY_SECONDS,
      );
    case 'expired':
      return gone('the provided continue token or version is too old; list again without it');
    case 'invalid-continue':
      return badRequest('the continue token is not valid');
    case 'damaged':
      return internalError('a stored object can not be read; the log of the API says which');
    default:
      return error.code satisfies never;
  }
}

interface Traits {
  readonly code?: unknown;
  readonly retryable?: unknown;
  readonly statusCode?: unknown;
}

/** Fastify's errors and those of our adapters name themselves in fields, not in classes we could ask for. */
function traitsOf(error: unknown): Traits {
  return typeof error === 'object' && error !== null ? error : {};
}

function isRefusal(statusCode: unknown): boolean {
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500;
}
