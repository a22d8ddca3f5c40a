import { failure } from './failure.ts';
import type { Status } from './status.ts';

/** 400: the request can't be understood. */
export function badRequest(message: string): Status {
  return failure('BadRequest', message);
}

/** 401: no valid credentials. Says no more, so that nothing can be learned from it. */
export function unauthorized(): Status {
  return failure('Unauthorized', 'Unauthorized');
}

/** 403: known, but not allowed. */
export function forbidden(message: string): Status {
  return failure('Forbidden', message);
}

/** 405: the path exists, the verb does not. */
export function methodNotAllowed(message: string): Status {
  return failure('MethodNotAllowed', message);
}

/** 406: no representation that the client accepts. */
export function notAcceptable(message: string): Status {
  return failure('NotAcceptable', message);
}

/** 410: the resourceVersion or continue token is too old. Source: Kubernetes `apierrors.NewResourceExpired`. */
export function gone(message: string): Status {
  return failure('Expired', message);
}

/** The message of `gone` for a watch that resumes before the oldest version still known. */
export function tooOldResourceVersion(requested: string, oldest: string): string {
  return `too old resource version: ${requested} (${oldest})`;
}

/** 415: the body's media type is not one the server reads. */
export function unsupportedMediaType(message: string): Status {
  return failure('UnsupportedMediaType', message);
}

/** 413. Source: Kubernetes `apierrors.NewRequestEntityTooLargeError`. */
export function requestTooLarge(message: string): Status {
  return failure('RequestEntityTooLarge', `Request entity too large: ${message}`);
}

/** 429: the client itself asks too much; to come again after `retryAfterSeconds`. */
export function tooManyRequests(message: string, retryAfterSeconds: number): Status {
  return failure('TooManyRequests', message, { retryAfterSeconds });
}

/** 500: a bug or broken infrastructure. `message` must hold no secrets. Source: `apierrors.NewInternalError`. */
export function internalError(message: string): Status {
  return failure('InternalError', `Internal error occurred: ${message}`);
}

/** 503: can't answer now; to come again after `retryAfterSeconds`. */
export function serviceUnavailable(message: string, retryAfterSeconds: number): Status {
  return failure('ServiceUnavailable', message, { retryAfterSeconds });
}

/** 504: the work goes on, but the answer did not come in time. Source: Kubernetes `apierrors.NewTimeoutError`. */
export function timeout(message: string): Status {
  return failure('Timeout', `Timeout: ${message}`);
}
