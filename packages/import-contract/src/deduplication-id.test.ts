import { describe, expect, it } from 'vitest';
import { deduplicationId } from './deduplication-id.ts';
import type { ImportJob } from './import-job.ts';
import type { RepositoryListingJob } from './repository-listing.ts';

const JOB: ImportJob = {
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

describe('deduplicationId', () => {
  it('is the same for every tick of one wanted look', () => {
    expect(deduplicationId({ ...JOB, dueAt: 9_000, createdAt: 9_001, reason: 'retry' })).toBe(
      deduplicationId(JOB),
    );
  });

  it.each<[string, Partial<ImportJob>]>([
    ['an edited tag', { generation: 4 }],
    ['another request', { requestCount: 1 }],
    ['another tag', { key: { ...JOB.key, tag: 'stable' } }],
    ['a stream created anew under the old name', { key: { ...JOB.key, uid: '0d20' } }],
  ])('differs for %s', (_, change) => {
    expect(deduplicationId({ ...JOB, ...change })).not.toBe(deduplicationId(JOB));
  });

  const LISTING: RepositoryListingJob = {
    kind: 'repository-listing',
    version: 1,
    key: { namespace: 'shop', name: 'web', uid: '0d1f' },
    generation: 3,
    reason: 'interval',
    dueAt: 1_000,
    createdAt: 1_001,
    from: 'redis',
    insecure: false,
  };

  it('is the pseudo tag of a listing, which no tag can be called', () => {
    expect(deduplicationId(LISTING)).toBe('0d1f:*:3:0');
  });

  it('is the slot of whoever waits, whatever is asked for', () => {
    const request = { id: 'a1b2', replyTo: 'api', slot: 7 };
    expect(deduplicationId({ ...JOB, request })).toBe('request:a1b2:7');
    expect(deduplicationId({ ...LISTING, request })).toBe('request:a1b2:7');
  });
});
