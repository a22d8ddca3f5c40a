import { describe, expect, it } from 'vitest';
import { aBeat, anOverview, IDLE_REPORT, OVERVIEW_TIME as NOW } from '../testing/an-overview.ts';
import { ProgressClock } from './progress-clock.ts';

/** An overview `at` ms after the start, in which so many tags are due and results were recorded. */
function overviewAt(at: number, { due = 0, recorded = 0, writer = 's1' } = {}) {
  const beat = aBeat({ id: writer, service: 'status-writer', figures: { recorded } });
  return anOverview([beat], {
    at: new Date(NOW + at).toISOString(),
    schedule: { ...IDLE_REPORT.schedule, due },
  });
}

describe('ProgressClock', () => {
  it('stands at 0 before the first overview, and while there is nothing to do', () => {
    const clock = new ProgressClock();
    expect(clock.stillFor(NOW)).toBe(0);
    clock.note(overviewAt(0));
    expect(clock.stillFor(NOW + 60_000)).toBe(0);
  });

  it('counts from when there was work, and begins anew with each result', () => {
    const clock = new ProgressClock();
    clock.note(overviewAt(0));
    clock.note(overviewAt(1_000, { due: 3 }));
    clock.note(overviewAt(9_000, { due: 3 }));
    expect(clock.stillFor(NOW + 10_000)).toBe(9_000);
    clock.note(overviewAt(11_000, { due: 3, recorded: 1 }));
    expect(clock.stillFor(NOW + 12_000)).toBe(1_000);
    clock.note(overviewAt(20_000, { recorded: 1 }));
    expect(clock.stillFor(NOW + 30_000)).toBe(0);
  });

  it('takes a writer that begins anew for no progress, until it records something', () => {
    const clock = new ProgressClock();
    clock.note(overviewAt(0, { due: 1, recorded: 500 }));
    clock.note(overviewAt(5_000, { due: 1, writer: 's2' }));
    expect(clock.stillFor(NOW + 5_000)).toBe(5_000);
    clock.note(overviewAt(6_000, { due: 1, writer: 's2', recorded: 1 }));
    expect(clock.stillFor(NOW + 6_000)).toBe(0);
  });

  it.each([
    ['jobs wait', { queue: { ...IDLE_REPORT.queue, waiting: 1 } }],
    ['jobs run', { queue: { ...IDLE_REPORT.queue, active: 1 } }],
    ['results are not recorded', { results: { ...IDLE_REPORT.results, lag: 1 } }],
    ['a writer holds results', { results: { ...IDLE_REPORT.results, lag: -1, pending: 1 } }],
  ])('counts while %s', (_, report) => {
    const clock = new ProgressClock();
    clock.note(anOverview([], report));
    expect(clock.stillFor(NOW + 7_000)).toBe(7_000);
  });

  it('does not count while all that is due belongs to registries that are left alone', () => {
    const clock = new ProgressClock();
    const host = { scheduled: 3, due: 3, leased: 0, stale: 0, blocked: 3, overdueFor: 9_000 };
    const coolDown = { host: 'quay.io', until: NOW + 600_000, reason: 'later', strikes: 0 };
    const blocked = { due: 3, hosts: [{ host: 'quay.io', ...host }], coolDowns: [coolDown] };
    const idle = IDLE_REPORT.schedule;
    clock.note(anOverview([], { schedule: { ...idle, ...blocked } }));
    expect(clock.stillFor(NOW + 60_000)).toBe(0);
    const one = { ...blocked, due: 4 };
    clock.note(anOverview([], { schedule: { ...idle, ...one } }));
    expect(clock.stillFor(NOW + 60_000)).toBe(60_000);
  });
});
