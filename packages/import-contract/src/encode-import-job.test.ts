import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeImportJob, encodeImportJob } from './encode-import-job.ts';
import type { ImportJob } from './import-job.ts';
import { count, digest, streamKey, withRequest, word } from './testing/arbitraries.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

const JOB: ImportJob = {
  version: 1,
  key: { namespace: 'shop', name: 'web', uid: '0d1f', tag: 'latest' },
  generation: 3,
  requestCount: 0,
  reason: 'interval',
  dueAt: 1_000,
  createdAt: 1_001,
  from: 'docker.io/library/redis:7',
  insecure: false,
  importMode: 'Legacy',
  known: { upstreamDigest: DIGEST, image: DIGEST },
};

const jobs: fc.Arbitrary<ImportJob> = withRequest(
  fc.record(
    {
      version: fc.constant(1 as const),
      key: fc.record({ ...streamKey, tag: word(128) }),
      generation: count,
      requestCount: count,
      reason: fc.constantFrom(
        'never-imported',
        'generation-changed',
        'interval',
        'cron',
        'retry',
        'requested',
      ),
      dueAt: count,
      createdAt: count,
      from: word(4_096),
      insecure: fc.boolean(),
      importMode: fc.constantFrom('Legacy', 'PreserveOriginal'),
      preferArchitecture: word(64),
      preferOs: word(64),
      known: fc.record({ upstreamDigest: digest, image: digest }),
    },
    {
      requiredKeys: [
        'version',
        'key',
        'generation',
        'requestCount',
        'reason',
        'dueAt',
        'createdAt',
        'from',
        'insecure',
        'importMode',
      ],
    },
  ),
);

describe('encodeImportJob and decodeImportJob', () => {
  it('read back every job that was written as JSON', () => {
    fc.assert(
      fc.property(jobs, (job) => {
        const stored: unknown = JSON.parse(JSON.stringify(encodeImportJob(job)));
        expect(decodeImportJob(stored)).toEqual({ ok: true, job });
      }),
    );
  });

  it('never throw, whatever the queue holds', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(decodeImportJob(value).ok).toBe(false);
      }),
    );
  });

  it('leave out what is not part of a job', () => {
    const request = { id: 'r-1', replyTo: 'api-1', slot: 0, cookie: 'hunter2' };
    const key = { ...JOB.key, token: 'hunter2' };
    const extended = { ...JOB, password: 'hunter2', key, request };
    expect(JSON.stringify(encodeImportJob(extended))).not.toContain('hunter2');
    expect(JSON.stringify(decodeImportJob(extended))).not.toContain('hunter2');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['an unknown version', { version: 2 }, 'version must be 1'],
    ['no key', { key: undefined }, 'key must be an object'],
    ['an empty tag', { key: { ...JOB.key, tag: '' } }, 'key.tag must be a text of 1 to 128'],
    ['a negative generation', { generation: -1 }, 'generation must be a whole number'],
    ['a fraction of a millisecond', { dueAt: 0.5 }, 'dueAt must be a whole number'],
    ['a number beyond exactness', { requestCount: 2 ** 53 }, 'requestCount must be'],
    ['an unknown reason', { reason: 'boredom' }, 'reason must be one of never-imported'],
    ['a reason that every object has', { reason: 'toString' }, 'reason must be one of'],
    ['a source without end', { from: 'x'.repeat(4_097) }, 'from must be a text of 1 to 4096'],
    ['a flag in words', { insecure: 'no' }, 'insecure must be true or false'],
    ['an unknown mode', { importMode: 'Modern' }, 'importMode must be one of Legacy'],
    [
      'a known digest that is none',
      { known: { upstreamDigest: 'x', image: DIGEST } },
      'known.upstreamDigest must be a digest',
    ],
    ['a known list', { known: [] }, 'known must be an object'],
    ['a request that is none', { request: null }, 'request must be an object'],
    [
      'a slot of a request before its first',
      { request: { id: 'r-1', replyTo: 'api-1', slot: -1 } },
      'request.slot must be a whole number',
    ],
    ['records without a policy', { records: {} }, 'records.referencePolicy must be an object'],
    ['a null preference', { preferOs: null }, 'preferOs must be a text'],
  ])('refuse %s', (_, change, message) => {
    const decoded = decodeImportJob({ ...JOB, ...change });
    expect(decoded).toEqual({ ok: false, message: expect.stringContaining(message) });
  });

  it('name the version first when everything about a payload is strange', () => {
    expect(decodeImportJob({ version: 9 })).toEqual({
      ok: false,
      message: 'not an import job: version must be 1',
    });
  });
});
