import type { ImportOutcome } from '@tagtrail/image-stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IMPORT_RESULT_LIMIT } from './encode-import-result.ts';
import {
  decodeLoggedResult,
  encodeLoggedResult,
  LISTING_RESULT_LIMIT,
} from './encode-logged-result.ts';
import type { ImportResult } from './import-result.ts';
import {
  count,
  digest,
  failure,
  postponed,
  streamKey,
  withRequest,
  word,
} from './testing/arbitraries.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

const RESULT: ImportResult = {
  version: 1,
  fence: 12,
  key: { namespace: 'shop', name: 'web', uid: '0d1f', tag: 'latest' },
  generation: 3,
  requestCount: 0,
  reason: 'interval',
  dueAt: 1_000,
  startedAt: 1_002,
  finishedAt: 1_500,
  registry: 'docker.io',
  from: 'redis:7',
  outcome: { kind: 'unchanged', upstreamDigest: DIGEST, image: DIGEST },
};

const outcomes: fc.Arbitrary<ImportOutcome> = fc.oneof(
  fc.record({
    kind: fc.constant('imported' as const),
    upstreamDigest: digest,
    image: digest,
    dockerImageReference: word(4_096),
  }),
  fc.record({ kind: fc.constant('unchanged' as const), upstreamDigest: digest, image: digest }),
  failure,
  postponed,
);

const results: fc.Arbitrary<ImportResult> = withRequest(
  fc.record({
    version: fc.constant(1 as const),
    fence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    key: fc.record({ ...streamKey, tag: word(128) }),
    generation: count,
    requestCount: count,
    reason: fc.constantFrom('never-imported', 'retry', 'requested'),
    dueAt: count,
    startedAt: count,
    finishedAt: count,
    registry: word(259, 0),
    from: word(4_096),
    outcome: outcomes,
  }),
);

const REQUEST = { id: 'r-1', replyTo: 'api-1', slot: 0 };
const RECORDS = {
  importPolicy: { scheduled: true },
  referencePolicy: { type: 'Local' },
  createsStream: false,
  listed: false,
} as const;

const changed = (change: object) => JSON.stringify({ ...RESULT, ...change });
const withOutcome = (outcome: object) => JSON.stringify({ ...RESULT, outcome });

describe('encodeLoggedResult and decodeLoggedResult', () => {
  it('read back every result that was written', () => {
    fc.assert(
      fc.property(results, (result) => {
        expect(decodeLoggedResult(encodeLoggedResult(result))).toEqual({ ok: true, result });
      }),
    );
  });

  it('keep the largest and most escaped result within the limit', () => {
    const worst = encodeLoggedResult({
      ...RESULT,
      key: {
        namespace: '\0'.repeat(253),
        name: '\0'.repeat(253),
        uid: '\0'.repeat(64),
        tag: '\0'.repeat(128),
      },
      registry: '\0'.repeat(259),
      from: '\0'.repeat(4_096),
      outcome: {
        kind: 'imported',
        upstreamDigest: DIGEST,
        image: DIGEST,
        dockerImageReference: '\0'.repeat(4_232),
      },
      request: { id: 'x'.repeat(128), replyTo: 'x'.repeat(128), slot: 9_999 },
      records: RECORDS,
    });
    expect(worst.length).toBeLessThanOrEqual(IMPORT_RESULT_LIMIT);
    expect(decodeLoggedResult(worst).ok).toBe(true);
  });

  it('cut a message that says too much', () => {
    const outcome = {
      kind: 'failed',
      reason: 'RegistryError',
      message: 'x'.repeat(9_999),
      retryable: true,
    } as const;
    const decoded = decodeLoggedResult(encodeLoggedResult({ ...RESULT, outcome }));
    expect(decoded).toMatchObject({ result: { outcome: { message: 'x'.repeat(1_024) } } });
  });

  it('never throw, whatever the stream holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(decodeLoggedResult(text).ok).toBe(false);
      }),
    );
  });

  it('leave out what is not part of a request', () => {
    const text = encodeLoggedResult({
      ...RESULT,
      request: Object.assign({ password: 'hunter2' }, REQUEST),
      records: Object.assign({ password: 'hunter2' }, RECORDS),
    });
    expect(text).not.toContain('hunter2');
  });

  it.each([IMPORT_RESULT_LIMIT, LISTING_RESULT_LIMIT])('refuse a text beyond %d', (limit) => {
    const decoded = decodeLoggedResult(' '.repeat(limit) + JSON.stringify(RESULT));
    expect(decoded).toMatchObject({ ok: false, message: expect.stringContaining('longer than') });
  });

  it('do not quote the text that is not JSON', () => {
    expect(decodeLoggedResult('hunter2')).toEqual({
      ok: false,
      message: 'not a result: not JSON',
    });
  });

  it.each<[string, string, string]>([
    ['an unknown version', changed({ version: 7 }), 'version must be 1'],
    ['an unknown kind', changed({ kind: 'rumour' }), 'not a result: its kind is unknown'],
    ['a run that no fence was issued to', changed({ fence: 0 }), 'fence must be'],
    ['no outcome', changed({ outcome: null }), 'outcome must be an object'],
    [
      'a request that would name another key',
      changed({ request: { ...REQUEST, id: 'r-1}:fence' } }),
      'request.id must be 1 to 128 letters',
    ],
    [
      'an answer to nobody',
      changed({ request: { ...REQUEST, replyTo: '' } }),
      'request.replyTo must be 1 to 128 letters',
    ],
    [
      'a slot that no request has',
      changed({ request: { ...REQUEST, slot: 10_000 } }),
      'request.slot must be a whole number of at least 0 and at most 9999',
    ],
    [
      'a policy that there is not',
      changed({ records: { ...RECORDS, referencePolicy: { type: 'Global' } } }),
      'records.referencePolicy.type must be one of Source, Local',
    ],
    [
      'a mode that there is not',
      changed({ records: { ...RECORDS, importPolicy: { importMode: 'Modern' } } }),
      'records.importPolicy.importMode must be one of Legacy',
    ],
    ['an unknown outcome', withOutcome({ kind: 'maybe' }), 'outcome.kind must be one of imported'],
    [
      'a digest in capitals',
      withOutcome({ kind: 'unchanged', upstreamDigest: DIGEST.toUpperCase(), image: DIGEST }),
      'outcome.upstreamDigest must be a digest',
    ],
    [
      'a failure without a known reason',
      withOutcome({ kind: 'failed', reason: 'Gremlins', message: '', retryable: true }),
      'outcome.reason must be one of',
    ],
    [
      'an endless wait',
      withOutcome({
        kind: 'failed',
        reason: 'Timeout',
        message: '',
        retryable: true,
        retryAfter: 1e300,
      }),
      'outcome.retryAfter must be',
    ],
  ])('refuse %s', (_, text, message) => {
    expect(decodeLoggedResult(text)).toEqual({
      ok: false,
      message: expect.stringContaining(message),
    });
  });
});
