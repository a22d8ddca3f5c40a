import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeQueuedJob, encodeQueuedJob, isListingJob } from './encode-queued-job.ts';
import type { ImportJob } from './import-job.ts';
import type { RepositoryListingJob } from './repository-listing.ts';
import { count, request, streamKey, word } from './testing/arbitraries.ts';

const IMPORT: ImportJob = {
  version: 1,
  key: { namespace: 'shop', name: 'web', uid: '0d1f', tag: 'latest' },
  generation: 3,
  requestCount: 0,
  reason: 'interval',
  dueAt: 1_000,
  createdAt: 1_001,
  from: 'redis:7',
  insecure: false,
  importMode: 'Legacy',
};

const LISTING: RepositoryListingJob = {
  kind: 'repository-listing',
  version: 1,
  key: { namespace: 'shop', name: 'web', uid: '0d1f' },
  generation: 3,
  reason: 'never-imported',
  dueAt: 1_000,
  createdAt: 1_001,
  from: 'redis',
  insecure: false,
};

const listings: fc.Arbitrary<RepositoryListingJob> = fc.record(
  {
    kind: fc.constant('repository-listing'),
    version: fc.constant(1),
    key: fc.record(streamKey),
    generation: count,
    reason: fc.constantFrom('never-imported', 'retry', 'requested'),
    dueAt: count,
    createdAt: count,
    from: word(4_096),
    insecure: fc.boolean(),
    request,
  },
  {
    requiredKeys: [
      'kind',
      'version',
      'key',
      'generation',
      'reason',
      'dueAt',
      'createdAt',
      'from',
      'insecure',
    ],
  },
);

describe('encodeQueuedJob and decodeQueuedJob', () => {
  it('read back every listing job that was written as JSON', () => {
    fc.assert(
      fc.property(listings, (job) => {
        const stored: unknown = JSON.parse(JSON.stringify(encodeQueuedJob(job)));
        expect(decodeQueuedJob(stored)).toEqual({ ok: true, job });
      }),
    );
  });

  it.each([IMPORT, LISTING])('read back a job of either kind', (job) => {
    expect(decodeQueuedJob(encodeQueuedJob(job))).toEqual({ ok: true, job });
  });

  it('tell listings from imports', () => {
    expect([IMPORT, LISTING].map(isListingJob)).toEqual([false, true]);
  });

  it('leave out what is not part of a job', () => {
    const extended = { ...LISTING, password: 'hunter2', key: { ...LISTING.key, tag: 'hunter2' } };
    expect(JSON.stringify(encodeQueuedJob(extended))).not.toContain('hunter2');
    expect(JSON.stringify(decodeQueuedJob(extended))).not.toContain('hunter2');
  });

  it('never throw, whatever the queue holds', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(decodeQueuedJob(value).ok).toBe(false);
      }),
    );
  });

  it.each<[string, object, string]>([
    ['a kind from the future', { kind: 'signature' }, 'not a job: its kind is unknown'],
    ['a kind that is no text', { kind: 1 }, 'not a job: its kind is unknown'],
    ['an unknown version', { version: 2 }, 'not a repository listing job: version must be 1'],
    ['no repository', { from: '' }, 'from must be a text of 1 to 4096'],
    ['a key without a life', { key: { ...LISTING.key, uid: '' } }, 'key.uid must be a text'],
    ['a request that is none', { request: 'r-1' }, 'request must be an object'],
  ])('refuse %s', (_, change, message) => {
    expect(decodeQueuedJob({ ...LISTING, ...change })).toEqual({
      ok: false,
      message: expect.stringContaining(message),
    });
  });
});
