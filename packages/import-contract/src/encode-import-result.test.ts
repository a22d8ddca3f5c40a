import type { ImportOutcome } from '@tagtrail/image-stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeImportResult,
  encodeImportResult,
  IMPORT_RESULT_LIMIT,
} from './encode-import-result.ts';
import type { ImportResult } from './import-result.ts';

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

const time = fc.nat(Number.MAX_SAFE_INTEGER);
const word = (limit: number, least = 1) => fc.string({ minLength: least, maxLength: limit });
const digest = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 128, maxLength: 128 })
  .map((digits) => `sha512:${digits.join('')}`);

const outcomes: fc.Arbitrary<ImportOutcome> = fc.oneof(
  fc.record({
    kind: fc.constant('imported' as const),
    upstreamDigest: digest,
    image: digest,
    dockerImageReference: word(4_096),
  }),
  fc.record({ kind: fc.constant('unchanged' as const), upstreamDigest: digest, image: digest }),
  fc.record(
    {
      kind: fc.constant('failed' as const),
      reason: fc.constantFrom('NotFound', 'TooManyRequests', 'TLSError', 'InvalidReference'),
      message: word(1_024, 0),
      retryable: fc.boolean(),
      retryAfter: time,
    },
    { requiredKeys: ['kind', 'reason', 'message', 'retryable'] },
  ),
);

const results: fc.Arbitrary<ImportResult> = fc.record({
  version: fc.constant(1 as const),
  fence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  key: fc.record({ namespace: word(253), name: word(253), uid: word(64), tag: word(128) }),
  generation: time,
  requestCount: time,
  reason: fc.constantFrom('never-imported', 'retry', 'requested'),
  dueAt: time,
  startedAt: time,
  finishedAt: time,
  registry: word(259, 0),
  from: word(4_096),
  outcome: outcomes,
});

const withOutcome = (outcome: object) => JSON.stringify({ ...RESULT, outcome });

describe('encodeImportResult and decodeImportResult', () => {
  it('read back every result that was written', () => {
    fc.assert(
      fc.property(results, (result) => {
        expect(decodeImportResult(encodeImportResult(result))).toEqual({ ok: true, result });
      }),
    );
  });

  it('keep the largest and most escaped result within the limit', () => {
    const worst = encodeImportResult({
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
    });
    expect(worst.length).toBeLessThanOrEqual(IMPORT_RESULT_LIMIT);
    expect(decodeImportResult(worst).ok).toBe(true);
  });

  it('cut a message that says too much', () => {
    const outcome = {
      kind: 'failed',
      reason: 'RegistryError',
      message: 'x'.repeat(9_999),
      retryable: true,
    } as const;
    const decoded = decodeImportResult(encodeImportResult({ ...RESULT, outcome }));
    expect(decoded).toMatchObject({ result: { outcome: { message: 'x'.repeat(1_024) } } });
  });

  it('never throw, whatever the stream holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(decodeImportResult(text).ok).toBe(false);
      }),
    );
  });

  it('refuse a text beyond the limit without reading it', () => {
    const decoded = decodeImportResult(' '.repeat(IMPORT_RESULT_LIMIT) + JSON.stringify(RESULT));
    expect(decoded).toMatchObject({ ok: false, message: expect.stringContaining('longer than') });
  });

  it('do not quote the text that is not JSON', () => {
    expect(decodeImportResult('hunter2')).toEqual({
      ok: false,
      message: 'not an import result: not JSON',
    });
  });

  it.each<[string, string, string]>([
    ['an unknown version', JSON.stringify({ ...RESULT, version: 7 }), 'version must be 1'],
    ['a run that no fence was issued to', JSON.stringify({ ...RESULT, fence: 0 }), 'fence must be'],
    ['no outcome', JSON.stringify({ ...RESULT, outcome: null }), 'outcome must be an object'],
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
    expect(decodeImportResult(text)).toEqual({
      ok: false,
      message: expect.stringContaining(message),
    });
  });
});
