import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeImportJob, encodeImportJob } from './encode-import-job.ts';
import type { ImportJob } from './import-job.ts';

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

const time = fc.nat(Number.MAX_SAFE_INTEGER);
const word = (limit: number) => fc.string({ minLength: 1, maxLength: limit });
const digest = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 64, maxLength: 64 })
  .map((digits) => `sha256:${digits.join('')}`);

const jobs: fc.Arbitrary<ImportJob> = fc.record(
  {
    version: fc.constant(1 as const),
    key: fc.record({ namespace: word(253), name: word(253), uid: word(64), tag: word(128) }),
    generation: time,
    requestCount: time,
    reason: fc.constantFrom(
      'never-imported',
      'generation-changed',
      'interval',
      'cron',
      'retry',
      'requested',
    ),
    dueAt: time,
    createdAt: time,
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
    const extended = { ...JOB, password: 'hunter2', key: { ...JOB.key, token: 'hunter2' } };
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
