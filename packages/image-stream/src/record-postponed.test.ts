import { describe, expect, it } from 'vitest';
import type { Postponed } from './import-outcome.ts';
import { recordListing } from './record-listing.ts';
import { LISTING_TAG } from './repository-tags.ts';
import { created, imported, look, record } from './testing/a-record.ts';
import { aCheck, aStream, D1, D2, SETTINGS, T0, T1, T2 } from './testing/a-stream.ts';

const postponed: Postponed = { kind: 'postponed', until: T2 + 30_000, message: 'left alone' };
const first = () => record(created(), [look(1, imported(D1))], T1);
const requested = {
  importPolicy: {},
  referencePolicy: { type: 'Source' },
  createsStream: false,
  listed: false,
} as const;

describe('a tag that is put off', () => {
  it('keeps its record and its check state, but for the next look', () => {
    const before = first();
    const after = record(before, [look(2, postponed)], T2);
    expect(after).toMatchObject({ changed: false, history: [], verdicts: ['postponed'] });
    expect(after.stream).toEqual(before.stream);
    const { nextDue: _, ...known } = before.checks.get('latest') ?? aCheck();
    expect(after.checks.get('latest')).toMatchObject(known);
    expect(after.checks.get('latest')?.nextDue).toBeGreaterThanOrEqual(T2 + 30_000);
  });

  it('is put off once, however often that is delivered', () => {
    const once = record(first(), [look(2, postponed)], T2);
    const twice = record(once, [look(2, postponed)], T2 + 5_000);
    expect(twice.checks).toEqual(once.checks);
  });

  it('still learns from a look that overlapped', () => {
    const put = record(first(), [look(3, postponed, { endFence: 4 })], T2);
    const after = record(put, [look(2, imported(D2))], T2);
    expect(after.verdicts).toEqual(['recorded']);
    expect(after.stream.status.tags?.[0]?.items?.[0]?.image).toBe(D2);
  });

  it.each([
    ['a newer look has counted', look(1, postponed), 'superseded'],
    ['it was edited', look(2, postponed, { generation: 0 }), 'stale'],
    ['it is gone', look(2, postponed, { tag: 'other' }), 'gone'],
  ])('is not when %s', (_, late, verdict) => {
    expect(record(first(), [late], T2).verdicts).toEqual([verdict]);
  });

  it('and was asked for by somebody leaves no trace at all', () => {
    const before = first();
    const after = record(before, [look(2, postponed, { requested })], T2);
    expect(after).toMatchObject({ changed: false, verdicts: ['postponed'] });
    expect(after.checks).toEqual(before.checks);
  });
});

describe('a listing that is put off', () => {
  it('is made later, and uses up no attempt', () => {
    const from = 'quay.io/acme/app';
    const stream = aStream({ tags: [], dockerImageRepository: from });
    const listing = aCheck({ nextDue: T0, attempts: 2, outcome: 'Timeout' });
    const context = { checks: new Map([[LISTING_TAG, listing]]), now: T2, settings: SETTINGS };
    const listed = { generation: listing.generation, fence: 5, from, outcome: postponed };
    const { verdict, checks } = recordListing(stream, listed, context);
    expect(verdict).toBe('postponed');
    expect(checks).toHaveLength(1);
    expect(checks[0]?.state).toMatchObject({ attempts: 2, outcome: 'Timeout' });
    expect(checks[0]?.state?.nextDue).toBeGreaterThanOrEqual(T2 + 30_000);
  });
});
