import type { Heartbeat } from '@tagtrail/observability';
import { describe, expect, it } from 'vitest';
import { aBeat, anOverview, OVERVIEW_TIME } from '../testing/an-overview.ts';
import { type Facts, judgeOverview } from './judge-overview.ts';
import { observeServices } from './observe-services.ts';

const ALL = (['api', 'producer', 'worker', 'status-writer'] as const).map((service) =>
  aBeat({ service }),
);
const WELL: Facts = {
  ...anOverview(ALL),
  oneMoreWorker: {
    text: 'no: workers wait for work',
    looksPerSecondNow: 33.7,
    busyShare: 0.24,
    helps: false,
  },
};
const { queue, schedule } = WELL;
const OLDEST = {
  key: { namespace: 'shop', name: 'web', tag: 'latest' },
  host: 'docker.io',
  due: OVERVIEW_TIME - 250,
};
const HELPS = { text: 'yes: …', looksPerSecondNow: 1, busyShare: 1, helps: true };

function problems(fields: Partial<Facts>) {
  return judgeOverview({ ...WELL, ...fields }).map(
    ({ about, problem, remedy }) => `${about}: ${problem} → ${remedy}`,
  );
}

describe('judgeOverview', () => {
  it('finds nothing where all is well, however many tags fail', () => {
    expect(problems({ outcomes: { NotFound: 900 }, failedPerSecond: 30 })).toEqual([]);
  });

  it.each([
    [
      'producer',
      'no producer is running, so no due tag becomes a job → start one: tagtrail producer',
    ],
    ['worker', 'no worker is running, so no tag is looked at → start one: tagtrail worker'],
    [
      'status-writer',
      'no status-writer is running, so nothing that was seen is recorded → start one: tagtrail status-writer',
    ],
    ['api', 'no heartbeat of an api gets through → look at its log'],
    [
      'registry',
      'no registry is running, so nobody pulls through it → start one: tagtrail registry',
    ],
    ['baker', 'no baker is running → start one: tagtrail baker'],
  ])('says what does not happen without a %s', (service, expected) => {
    expect(problems({ missing: [service] })).toEqual([`${service}: ${expected}`]);
  });

  it('names a process that is missing while others of its service live, and not twice', () => {
    const gone = aBeat({ id: 'gone', pid: 9, sentAt: OVERVIEW_TIME - 3_000 });
    const seen = (...beats: Heartbeat[]) => observeServices(beats, OVERVIEW_TIME);
    expect(problems({ services: seen(...ALL, gone) })).toEqual([
      'gone: worker 9 on node-1 has sent no heartbeat for 3.0 s → look at its log; the others do its work meanwhile',
    ]);
    expect(problems({ services: seen(gone), missing: ['worker'] })).toHaveLength(1);
  });

  it('takes a minute of lag for nothing, and names the tag that is later', () => {
    expect(problems({ schedule: { ...schedule, lag: 60_000 } })).toEqual([]);
    expect(problems({ schedule: { ...schedule, lag: 180_000, oldest: OLDEST } })).toEqual([
      'schedule: tags are looked at up to 3 minutes late (shop/web:latest) → another worker? no: workers wait for work',
    ]);
    expect(problems({ schedule: { ...schedule, lag: 61_000 }, oneMoreWorker: HELPS })).toEqual([
      'schedule: tags are looked at up to 61 s late → start another worker: tagtrail worker',
    ]);
  });

  it('names jobs that wait for long', () => {
    expect(problems({ queue: { ...queue, oldestWait: 60_000 } })).toEqual([]);
    expect(problems({ queue: { ...queue, oldestWait: 61_000 }, oneMoreWorker: HELPS })).toEqual([
      'queue: a job has waited for a worker for 61 s → start another worker: tagtrail worker',
    ]);
  });

  it('names results that pile up, measured by how many come', () => {
    const results = { lag: 4_000, pending: 1_000, deadLetters: 9 };
    expect(problems({ results, completedPerSecond: 500 })).toEqual([]);
    expect(problems({ results, completedPerSecond: 499 })).toEqual([
      'results: 5000 results wait to be recorded → start another status-writer: tagtrail status-writer',
    ]);
  });

  it('names a Redis that is nearly full', () => {
    expect(problems({ redis: { usedBytes: 89, maxBytes: 100 } })).toEqual([]);
    expect(problems({ redis: { usedBytes: 90, maxBytes: 100 } })).toEqual([
      'redis: Redis is 90 % full; when it is full, nothing can be written → give it more memory (maxmemory)',
    ]);
  });
});
