import { describe, expect, it } from 'vitest';
import { statusLines } from './status-lines.ts';
import { anOverview, aService, NOW, SERVICES } from './testing/an-overview.ts';

const PIPE = { columns: undefined, colors: false };
const RED = '\u001b[31m';

const GONE = aService({
  id: 'gone',
  pid: 5,
  host: 'node-2',
  missing: true,
  beatAgeMs: 12_400,
  sentAt: NOW - 12_400,
});

const NO_PRODUCER = {
  about: 'producer',
  problem: 'no producer is running, so no due tag becomes a job',
  remedy: 'start one: tagtrail producer',
};
const LOST = {
  about: 'gone',
  problem: 'worker 5 on node-2 has sent no heartbeat for 12 s',
  remedy: 'look at its log; the others do its work meanwhile',
};

describe('statusLines', () => {
  it('shows processes, numbers and registries, and last that all is well', () => {
    expect(statusLines(anOverview(), PIPE)).toEqual([
      'SERVICE         HOST     PID   VERSION   UP        MEMORY   CPU    LAST BEAT   WORK',
      'api             node-1   1     0.1.0     2 hours   98.2MB   3 %    0.4 s ago   4.3 requests/s, 2 watching',
      'producer        node-1   2     0.1.0     2 hours   98.2MB   3 %    0.4 s ago   33 jobs/s',
      'worker          node-1   3     0.1.0     2 hours   98.2MB   50 %   0.4 s ago   34 looks/s, 12 of 50 busy',
      'status-writer   node-1   4     0.1.0     2 hours   98.2MB   3 %    0.4 s ago   33 results/s',
      '',
      'schedule          1200 tags: 3 due, 16 with a job on its way',
      'looks             34 a second, 0.2 of them fail',
      'queue             12 wait (the oldest for 0.3 s), 4 run, 1 put off, 0 failed; requested imports: 0 wait, 1 run',
      'due lag           0.3 s; shop/web:latest of docker.io has been due for 0.3 s',
      'new digests       52 in the last 5 minutes, recorded 0.3 s after they were due (99 %: 12 s)',
      'results           3 to record',
      'tags              996 unchanged, 200 imported, 1 never looked at, 3 failing (Timeout)',
      'Redis             12.3MB of 64MB used (19 %)',
      'one more worker   no: workers wait for work',
      '',
      'REGISTRY    TAGS   DUE   ON THEIR WAY',
      'docker.io   1000   3     12',
      'quay.io     200    0     4',
      '',
      'everything is looked at in time',
    ]);
  });

  it('shows who is missing, and what to do about it', () => {
    const services = [...SERVICES.filter(({ service }) => service !== 'producer'), GONE];
    const lines = statusLines(
      anOverview({ services, missing: ['producer'], problems: [NO_PRODUCER, LOST] }),
      PIPE,
    );
    expect(lines.filter((line) => line.includes('FAILING'))).toEqual([
      'worker          node-2   5     0.1.0     2 hours   98.2MB   3 %    FAILING: none for 12 s',
      'producer        -        -     -         -         -        -      FAILING: not running',
      'FAILING: no producer is running, so no due tag becomes a job. What to do: start one: tagtrail producer.',
      'FAILING: worker 5 on node-2 has sent no heartbeat for 12 s. What to do: look at its log; the others do its work meanwhile.',
    ]);
    expect(lines.at(-1)).toMatch(/^FAILING: worker 5/u);
  });

  it('has little to say of an installation without tags', () => {
    const { oldest: _, ...schedule } = anOverview().schedule;
    const overview = anOverview({
      schedule: { ...schedule, scheduled: 0, due: 0, leased: 0, lag: 0, hosts: [] },
      outcomes: {},
    });
    const { detectionLag: _lag, redis: _redis, ...quiet } = overview;
    const lines = statusLines(quiet, PIPE);
    expect(lines).toContain('due lag           0 s');
    expect(lines).toContain('new digests       none in the last 5 minutes');
    expect(lines).toContain('tags              none');
    expect(lines).toContain('Redis             does not tell how full it is');
    expect(lines.join('\n')).not.toContain('REGISTRY');
    expect(lines.at(-1)).toBe('everything runs; no tag is scheduled');
  });

  it('tells how fresh tags are, and which registries are left alone until when and why', () => {
    const reason = 'it answered 429 Too Many Requests';
    const coolDowns = Array.from({ length: 7 }, (_, at) => ({
      host: `r${at}.example`,
      until: NOW + (at + 1) * 60_000,
      reason,
    }));
    const lines = statusLines(
      anOverview({
        schedule: { ...anOverview().schedule, coolDowns },
        freshness: { Fresh: 90, Stale: 3, Failing: 2, Blocked: 7, Never: 1 },
      }),
      PIPE,
    );
    expect(lines).toContain(
      'freshness         90 fresh, 3 stale (overdue), 7 blocked (the registry asked to be left alone), 2 failing, 1 never looked at',
    );
    const from = lines.findIndex((line) => line.startsWith('left alone'));
    const told = lines.slice(from, from + 6);
    expect(told[0]).toBe(
      `left alone        r6.example until 2026-11-23T10:07:00Z (7 minutes more): ${reason}`,
    );
    expect(told[4]).toBe(
      `                  r2.example until 2026-11-23T10:03:00Z (3 minutes more): ${reason}`,
    );
    expect(told[5]).toBe('                  and 2 more');
  });

  it('names results that were put aside, and a Redis without a limit', () => {
    const lines = statusLines(
      anOverview({
        results: { lag: -1, pending: 4, deadLetters: 7 },
        redis: { usedBytes: 5_000_000, maxBytes: 0 },
      }),
      PIPE,
    );
    expect(lines).toContain('results           4 to record, 7 put aside');
    expect(lines).toContain('Redis             5MB used, without a limit');
  });

  it('shows the ten registries with most to do, and how many more there are', () => {
    const hosts = Array.from({ length: 14 }, (_, at) => ({
      host: `r${at}.example`,
      scheduled: 1,
      due: at,
      leased: 0,
    }));
    const lines = statusLines(anOverview({ schedule: { ...anOverview().schedule, hosts } }), PIPE);
    const shown = lines.filter((line) => line.includes('.example'));
    expect([shown.length, shown[0]?.split(' ')[0]]).toEqual([10, 'r13.example']);
    expect(lines).toContain('and 4 more');
  });

  it('marks trouble in red and good news in green where there are colours', () => {
    const colored = { columns: undefined, colors: true };
    expect(statusLines(anOverview(), colored).at(-1)).toBe(
      '\u001b[32meverything is looked at in time\u001b[39m',
    );
    const red = statusLines(
      anOverview({ services: [...SERVICES, GONE], problems: [LOST] }),
      colored,
    ).filter((line) => line.startsWith(RED));
    expect(red).toHaveLength(2);
  });

  it('keeps within a narrow terminal', () => {
    for (const columns of [40, 60, 80, 120]) {
      const lines = statusLines(anOverview(), { columns, colors: false });
      // Blocks hold what no table has room for, a cell on each line.
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    }
  });

  it('lets nothing that a process says of itself move the cursor', () => {
    const services = [aService({ host: 'evil\u001b[2J', version: '1\n2' })];
    const text = statusLines(anOverview({ services }), PIPE).join('\n');
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain('1\n2');
  });
});
