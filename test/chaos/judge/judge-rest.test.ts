import { describe, expect, it } from 'vitest';
import { digest, logOf, MEMBER, push, shaped } from './chaos-facts-for-test.ts';
import { judgeRest, type Rest } from './judge-rest.ts';
import { readTagLives } from './tag-life.ts';

const HOST = '127.0.0.1:5000';
const TAG = `${MEMBER}:v0`;
const LOG = logOf([1_000, {}], [2_000, { images: 'a' }]);
const [EVENT] = shaped({ images: 'a' }).status.tags?.[0]?.items ?? [];

const QUIET: Rest = {
  streams: [shaped({ images: 'a' })],
  histories: new Map([[TAG, EVENT === undefined ? [] : [EVENT]]]),
  checks: new Map([[TAG, { host: HOST, nextDue: 5_000, outcome: 'imported' }]]),
  outcomes: new Map([['imported', 1]]),
  schedule: {
    hosts: new Map([[HOST, 5_000]]),
    due: new Map([[HOST, new Map([[TAG, 5_000]])]]),
    leases: new Map(),
  },
  queued: [],
  results: { lag: 0, pending: 0 },
};

function broken(rest: Partial<Rest>, ledger = [push(0, 'a')]): readonly string[] {
  const context = { ledger, log: LOG, faults: [] };
  return judgeRest({ ...QUIET, ...rest }, readTagLives(LOG), context)
    .filter(({ violations }) => violations.length > 0)
    .map(({ invariant }) => invariant);
}

describe('what is left when everything has come to rest', () => {
  it('is as it must be', () => {
    expect(broken({})).toEqual([]);
  });

  it('may keep an image whose tag is gone', () => {
    expect(broken({}, [push(0, 'a'), push(1_500, undefined)])).toEqual([]);
  });

  it.each<[string, Partial<Rest>, string]>([
    ['a job in a list', { queued: ['job 7 is in wait'] }, 'nothing is stuck in the queue'],
    [
      'a result that nobody acknowledged',
      { results: { lag: 0, pending: 1 } },
      'nothing is stuck in the stream of results',
    ],
    [
      'a tag with another time in the index',
      { checks: new Map([[TAG, { host: HOST, nextDue: 6_000, outcome: 'imported' }]]) },
      'the schedule index equals the check states',
    ],
    [
      'a tag in the index that no check state wants',
      { checks: new Map(), outcomes: new Map() },
      'the schedule index equals the check states',
    ],
    [
      'a host noted for a time that no tag has',
      { schedule: { ...QUIET.schedule, hosts: new Map([[HOST, 4_000]]) } },
      'the schedule index equals the check states',
    ],
    [
      'a lease',
      { schedule: { ...QUIET.schedule, leases: new Map([[HOST, new Map([[TAG, 9_000]])]]) } },
      'every lease is over',
    ],
    [
      'an outcome that is counted wrongly',
      { outcomes: new Map([['unchanged', 1]]) },
      'outcomes are counted as they are',
    ],
    [
      'a history that is not the change log',
      { histories: new Map() },
      'whole histories equal the change log',
    ],
  ])('must not have %s', (_, rest, invariant) => {
    expect(broken(rest)).toEqual([invariant]);
  });

  it('must not differ from the registry', () => {
    expect(broken({}, [push(0, 'a'), push(3_000, 'b')])).toEqual([
      "each tag's record equals the registry",
    ]);
    expect(broken({ streams: [shaped({ images: 'z' })] })).toEqual([
      "each tag's record equals the registry",
    ]);
    expect(digest('z')).not.toBe(digest('a'));
  });
});
