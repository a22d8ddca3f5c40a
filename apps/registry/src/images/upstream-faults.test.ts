import { AccessControlError } from '@tagtrail/access-control';
import { BlobStoreError } from '@tagtrail/blob-store';
import { StoreError } from '@tagtrail/image-stream';
import { RegistryError } from '@tagtrail/registry-client';
import { describe, expect, it } from 'vitest';
import { faultOf, NoUpstreamError } from './upstream-faults.ts';

const error = (code: ConstructorParameters<typeof RegistryError>[0], retryAfter?: number) =>
  new RegistryError(code, `it said ${code}`, { retryAfter });

describe('upstream trouble', () => {
  it.each([
    [[error('TooManyRequests', 90_000)], 429, 'TOOMANYREQUESTS', '90'],
    [[error('CoolDown', 999_999_999)], 429, 'TOOMANYREQUESTS', '3600'],
    [[error('NotFound'), error('TooManyRequests', 10)], 429, 'TOOMANYREQUESTS', '1'],
    [[error('Timeout')], 503, 'UNAVAILABLE', '30'],
    [[error('NotFound'), error('ConnectionFailed')], 503, 'UNAVAILABLE', '30'],
    [[error('NotFound')], 502, 'UNAVAILABLE', '30'],
    [[error('Unauthorized')], 502, 'UNAVAILABLE', '30'],
    [[], 502, 'UNAVAILABLE', '30'],
  ])('is never a 404: %#', (errors, status, code, retry) => {
    expect(faultOf(new NoUpstreamError('blob x', errors))).toMatchObject({
      status,
      code,
      headers: { 'retry-after': retry },
    });
  });

  it('is told in the words of the last place, with how many there were', () => {
    expect(new NoUpstreamError('blob x', []).message).toBe(
      'blob x: no registry is known that has it',
    );
    expect(new NoUpstreamError('blob x', [error('NotFound')]).message).toBe('it said NotFound');
    const two = [error('Timeout'), error('NotFound')];
    expect(new NoUpstreamError('blob x', two).message).toBe(
      'it said NotFound (and 1 more places failed)',
    );
    expect(faultOf(error('Timeout'))).toMatchObject({ status: 503, message: 'it said Timeout' });
  });
});

describe('trouble of our own', () => {
  it.each([
    [new StoreError('unavailable', 'x'), 503, 'the records cannot be read just now'],
    [new AccessControlError('unavailable', 'x'), 503, 'access tokens cannot be looked up just now'],
    [new BlobStoreError('no-room', 'x'), 503, 'the registry cannot store copies just now'],
    [new BlobStoreError('unavailable', 'x'), 503, 'the registry cannot store copies just now'],
    [new BlobStoreError('mismatch', 'not the bytes'), 502, 'not the bytes'],
  ])('%s', (given, status, message) => {
    expect(faultOf(given)).toMatchObject({ status, message, code: 'UNAVAILABLE' });
  });

  it('that nobody has thought of stays what it is', () => {
    const given = new TypeError('x');
    expect(faultOf(given)).toBe(given);
  });
});
