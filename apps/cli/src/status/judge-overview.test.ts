import { describe, expect, it } from 'vitest';
import { judgeOverview } from './judge-overview.ts';
import { anOverview, aService, SERVICES } from './testing/an-overview.ts';

const { queue, schedule } = anOverview();
const HELPS = { text: 'yes: …', looksPerSecondNow: 1, busyShare: 1, helps: true };

function problems(fields: Parameters<typeof anOverview>[0]) {
  return judgeOverview(anOverview(fields)).map(({ problem, remedy }) => `${problem} → ${remedy}`);
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
    ['baker', 'no baker is running → start one: tagtrail baker'],
  ])('says what does not happen without a %s', (service, expected) => {
    expect(problems({ missing: [service] })).toEqual([expected]);
  });

  it('names a process that is missing while others of its service live, and not twice', () => {
    const gone = aService({ pid: 9, missing: true, beatAgeMs: 3_000 });
    expect(problems({ services: [...SERVICES, gone] })).toEqual([
      'worker 9 on node-1 has sent no heartbeat for 3.0 s → look at its log; the others do its work meanwhile',
    ]);
    expect(problems({ services: [gone], missing: ['worker'] })).toHaveLength(1);
  });

  it('takes a minute of lag for nothing, and names the tag that is later', () => {
    expect(problems({ schedule: { ...schedule, lag: 60_000 } })).toEqual([]);
    expect(problems({ schedule: { ...schedule, lag: 180_000 } })).toEqual([
      'tags are looked at up to 3 minutes late (shop/web:latest) → another worker? no: workers wait for work',
    ]);
    const { oldest: _, ...unnamed } = schedule;
    expect(problems({ schedule: { ...unnamed, lag: 61_000 }, oneMoreWorker: HELPS })).toEqual([
      'tags are looked at up to 61 s late → start another worker: tagtrail worker',
    ]);
  });

  it('names jobs that wait for long', () => {
    expect(problems({ queue: { ...queue, oldestWait: 60_000 } })).toEqual([]);
    expect(problems({ queue: { ...queue, oldestWait: 61_000 }, oneMoreWorker: HELPS })).toEqual([
      'a job has waited for a worker for 61 s → start another worker: tagtrail worker',
    ]);
  });

  it('names results that pile up, measured by how many come', () => {
    const results = { lag: 4_000, pending: 1_000, deadLetters: 9 };
    expect(problems({ results, completedPerSecond: 500 })).toEqual([]);
    expect(problems({ results, completedPerSecond: 499 })).toEqual([
      '5000 results wait to be recorded → start another status-writer: tagtrail status-writer',
    ]);
  });

  it('names a Redis that is nearly full', () => {
    expect(problems({ redis: { usedBytes: 89, maxBytes: 100 } })).toEqual([]);
    expect(problems({ redis: { usedBytes: 90, maxBytes: 100 } })).toEqual([
      'Redis is 90 % full; when it is full, nothing can be written → give it more memory (maxmemory)',
    ]);
  });
});
