import type { FailureReason, RequestedTag } from '@tagtrail/image-stream';
import fc from 'fast-check';
import type { RequestSlot } from '../import-request.ts';

/** Anything that a time, a counter or a generation may be. For tests only, as all of this file. */
export const count = fc.nat(Number.MAX_SAFE_INTEGER);

export const word = (limit: number, least = 1) => fc.string({ minLength: least, maxLength: limit });

export const streamKey = { namespace: word(253), name: word(253), uid: word(64) };

export const digest = fc
  .stringMatching(/^[0-9a-f]{128}$/)
  .map((digits): `sha512:${string}` => `sha512:${digits}`);

export const tagName = fc.stringMatching(/^\w[\w.-]{0,127}$/);

export const failureReason: fc.Arbitrary<FailureReason> = fc.constantFrom(
  'NotFound',
  'TooManyRequests',
  'TLSError',
  'InvalidReference',
);

export const failure = fc.record(
  {
    kind: fc.constant('failed' as const),
    reason: failureReason,
    message: word(1_024, 0),
    retryable: fc.boolean(),
    retryAfter: count,
  },
  { requiredKeys: ['kind', 'reason', 'message', 'retryable'] },
);

export const postponed = fc.record({
  kind: fc.constant('postponed' as const),
  until: count,
  message: word(1_024, 0),
});

const keyPart = fc.stringMatching(/^[\w.-]{1,128}$/);

export const request: fc.Arbitrary<RequestSlot> = fc.record({
  id: keyPart,
  replyTo: keyPart,
  slot: fc.nat(9_999),
});

export const records: fc.Arbitrary<RequestedTag> = fc.record({
  importPolicy: fc.record(
    {
      insecure: fc.boolean(),
      scheduled: fc.boolean(),
      importMode: fc.constantFrom('Legacy', 'PreserveOriginal'),
    },
    { requiredKeys: [] },
  ),
  referencePolicy: fc.record({ type: fc.constantFrom('Source', 'Local') }),
  createsStream: fc.boolean(),
  listed: fc.boolean(),
});

/** What makes a payload one that somebody waits for. */
export interface Requested {
  readonly request?: RequestSlot;
  readonly records?: RequestedTag;
}

export const requested: fc.Arbitrary<Requested> = fc.record(
  { request, records },
  { requiredKeys: [] },
);

/** A payload, with and without a request. */
export function withRequest<Payload extends object>(
  payload: fc.Arbitrary<Payload>,
): fc.Arbitrary<Payload & Requested> {
  return fc.tuple(payload, requested).map(([fields, more]) => ({ ...fields, ...more }));
}
