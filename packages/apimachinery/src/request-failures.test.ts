import { describe, expect, it } from 'vitest';
import {
  badRequest,
  forbidden,
  gone,
  internalError,
  methodNotAllowed,
  notAcceptable,
  requestTooLarge,
  serviceUnavailable,
  timeout,
  tooManyRequests,
  tooOldResourceVersion,
  unauthorized,
  unsupportedMediaType,
} from './request-failures.ts';

describe('failures of a request', () => {
  it.each([
    [badRequest('no'), 400, 'BadRequest', 'no'],
    [unauthorized(), 401, 'Unauthorized', 'Unauthorized'],
    [forbidden('no'), 403, 'Forbidden', 'no'],
    [methodNotAllowed('no'), 405, 'MethodNotAllowed', 'no'],
    [notAcceptable('no'), 406, 'NotAcceptable', 'no'],
    [gone('no'), 410, 'Expired', 'no'],
    [
      requestTooLarge('limit is 9'),
      413,
      'RequestEntityTooLarge',
      'Request entity too large: limit is 9',
    ],
    [unsupportedMediaType('no'), 415, 'UnsupportedMediaType', 'no'],
    [tooManyRequests('no', 3), 429, 'TooManyRequests', 'no'],
    [internalError('no'), 500, 'InternalError', 'Internal error occurred: no'],
    [serviceUnavailable('no', 3), 503, 'ServiceUnavailable', 'no'],
    [timeout('no'), 504, 'Timeout', 'Timeout: no'],
  ])('%o has code %i and reason %s', (status, code, reason, message) => {
    expect(status).toMatchObject({ status: 'Failure', code, reason, message });
  });

  it('tells when to come again, where that is known', () => {
    expect(serviceUnavailable('starting', 5).details).toEqual({ retryAfterSeconds: 5 });
    expect(tooManyRequests('slow down', 1).details).toEqual({ retryAfterSeconds: 1 });
  });

  it('words a resume point that is too old as Kubernetes does', () => {
    expect(gone(tooOldResourceVersion('7', '12')).message).toBe('too old resource version: 7 (12)');
  });
});
