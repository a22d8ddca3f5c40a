import { describe, expect, it } from 'vitest';
import { aBeat } from '../testing/an-overview.ts';
import { adviseOnWorkers } from './advise-on-workers.ts';

const worker = (active: number, looksPerSecond = 10) =>
  aBeat({ figures: { active, concurrency: 10, looksPerSecond } });
const producer = aBeat({ service: 'producer', figures: { perHost: 4 } });
const host = (due: number, leased: number) => ({ host: 'h', scheduled: 9, due, leased });

function advise(fields: {
  live?: readonly ReturnType<typeof aBeat>[];
  waiting?: number;
  backlog?: number;
  hosts?: readonly ReturnType<typeof host>[];
}) {
  const { live = [worker(0)], waiting = 0, backlog = 0, hosts = [] } = fields;
  const results = { lag: backlog, pending: 0 };
  return adviseOnWorkers({ queue: { waiting }, results, schedule: { hosts }, live });
}

describe('adviseOnWorkers', () => {
  it('wants a worker where there is none', () => {
    expect(advise({ live: [producer] })).toEqual({
      text: 'yes: no worker is running',
      helps: true,
      looksPerSecondNow: 0,
      busyShare: 0,
    });
  });

  it('wants another one when all are busy and jobs wait, and says what it would take from each', () => {
    expect(advise({ live: [worker(10), worker(9), worker(8)], waiting: 1_200 })).toEqual({
      text: 'yes: the 3 workers are 90 % busy and 1200 jobs wait; one more would take about 25 % of the load of each',
      helps: true,
      looksPerSecondNow: 30,
      busyShare: 0.9,
    });
    expect(advise({ live: [worker(8)], waiting: 1 }).text).toBe(
      'yes: the worker is 80 % busy and 1 job waits; one more would take about 50 % of the load of each',
    );
  });

  it('wants none while the workers have room', () => {
    expect(advise({ live: [worker(7)], waiting: 5 })).toMatchObject({
      text: 'no: the worker is 70 % busy; the jobs that wait find a place',
      helps: false,
    });
  });

  it('wants none when nothing waits, however busy they are', () => {
    expect(advise({ live: [worker(10)] })).toMatchObject({
      text: 'no: workers wait for work',
      helps: false,
    });
  });

  it('names the caps of hosts when they are what binds', () => {
    const one = advise({
      live: [worker(4), producer],
      hosts: [host(3, 4), host(0, 4), host(3, 3)],
    });
    expect(one.text).toBe('no: 1 host is at import.perHost (4)');
    const two = advise({ live: [worker(8), producer], hosts: [host(3, 4), host(1, 5)] });
    expect(two.text).toBe('no: 2 hosts are at import.perHost (4)');
    expect(advise({ live: [worker(4)], hosts: [host(3, 4)] }).text).toBe(
      'no: workers wait for work',
    );
  });

  it('wants a status writer instead when results pile up', () => {
    const live = [worker(10, 1_000)];
    expect(advise({ live, waiting: 9, backlog: 5_000 }).helps).toBe(true);
    expect(advise({ live, waiting: 9, backlog: 5_001 })).toMatchObject({
      text: 'no: 5001 results wait to be recorded; a status writer is what is missing',
      helps: false,
    });
  });
});
